package instructvideo.job.run;

import java.util.List;
import java.util.SortedMap;

/**
 * What the videos of the held-out prompts were worth after a round.
 *
 * @param round 0 for the model alone
 * @param metrics mean over videos by name: each reward, motion, diversity, consistency, ...
 * @param stderr standard error of the mean over videos, by name
 * @param std standard deviation over videos, by name
 * @param broken the limits that were passed, a sentence each
 */
public record Look(
    int round,
    SortedMap<String, Double> metrics,
    SortedMap<String, Double> stderr,
    SortedMap<String, Double> std,
    List<String> broken) {

  /** Whether a file had all of it. */
  boolean isWhole() {
    return metrics != null
        && broken != null
        && !metrics.containsValue(null)
        && (stderr == null || !stderr.containsValue(null))
        && (std == null || !std.containsValue(null))
        && !broken.contains(null);
  }

  /** Of a metric; NaN if it has none. */
  public double value(String metric) {
    return metrics.getOrDefault(metric, Double.NaN);
  }

  /** Standard error of a metric; NaN if it has none. */
  public double error(String metric) {
    return stderr == null ? Double.NaN : stderr.getOrDefault(metric, Double.NaN);
  }

  /** The same look with what was found. */
  public Look judged(List<String> found) {
    return new Look(round, metrics, stderr, std, found);
  }

  /** Whether no limit is passed. */
  public boolean holds() {
    return broken.isEmpty();
  }
}
