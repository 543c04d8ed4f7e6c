package instructvideo.job.run;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Differences;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * run.json: all that decides the bits of a run. Paths are in it for people; models and data are
 * told apart by their fingerprints.
 *
 * @param format version of the directory's layout
 * @param settings by key
 * @param fingerprints of the model's parts, the reward and the data
 * @param paths of the model, the reward and the data
 */
public record RunRecord(
    int format,
    SortedMap<String, String> settings,
    SortedMap<String, String> fingerprints,
    SortedMap<String, String> paths) {

  /** Version of the layout. */
  public static final int FORMAT = 1;

  /** Whether a file had all of it. */
  boolean isWhole() {
    return settings != null
        && fingerprints != null
        && paths != null
        && !settings.containsValue(null)
        && !fingerprints.containsValue(null);
  }

  /**
   * Refuses to go on with another run. A setting that the run does not have came after it, and its
   * default is what the run was started with.
   *
   * @param defaults of all settings
   * @throws InvalidInputException with every difference
   */
  public void checkSame(RunRecord started, SortedMap<String, String> defaults, String out) {
    NavigableMap<String, String> before = new TreeMap<>(started.settings);
    defaults.forEach(before::putIfAbsent);
    List<String> differences = new ArrayList<>(Differences.of(before, settings));
    differences.addAll(Differences.of(started.fingerprints, fingerprints));
    if (!differences.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot go on with the run in %s, it has another configuration: %s; give its"
              + " configuration, or another --out",
          out, String.join(", ", differences));
    }
  }
}
