package instructvideo.job.tracking;

import java.util.SortedMap;

/**
 * What a run is, for its trackers.
 *
 * @param out its directory; a URI
 * @param parameters settings by key
 * @param tags what else is worth a search, such as fingerprints
 * @param record the file run.json as text
 */
public record TrackedRun(
    String out,
    SortedMap<String, String> parameters,
    SortedMap<String, String> tags,
    String record) {

  /** The last part of the directory's name. */
  String name() {
    return out.replaceFirst("/+$", "").replaceFirst("^.*/", "");
  }
}
