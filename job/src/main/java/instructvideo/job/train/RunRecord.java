package instructvideo.job.train;

import instructvideo.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

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

  static final int FORMAT = 1;

  /**
   * Refuses to go on with another run.
   *
   * @throws InvalidInputException with every difference
   */
  void checkSame(RunRecord started, String out) {
    List<String> differences = new ArrayList<>();
    differences(started.settings, settings, differences);
    differences(started.fingerprints, fingerprints, differences);
    if (!differences.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot go on with the run in %s, it has another configuration: %s; give its"
              + " configuration, or another --out",
          out, String.join(", ", differences));
    }
  }

  private static void differences(
      SortedMap<String, String> started, SortedMap<String, String> now, List<String> found) {
    SortedSet<String> keys = new TreeSet<>(started.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      String before = started.getOrDefault(key, "not set");
      String after = now.getOrDefault(key, "not set");
      if (!before.equals(after)) {
        found.add("%s was %s, is %s".formatted(key, shorten(before), shorten(after)));
      }
    }
  }

  private static String shorten(String value) {
    return value.length() > 60 ? value.substring(0, 12) + "..." : value;
  }
}
