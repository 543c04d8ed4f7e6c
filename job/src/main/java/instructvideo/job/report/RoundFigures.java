package instructvideo.job.report;

import java.util.SortedMap;

/**
 * A round's row of the metrics table.
 *
 * @param figures by the column's name, those that are there and are numbers
 */
public record RoundFigures(int round, SortedMap<String, Double> figures) {

  static final String REWARD = "reward_mean";
  static final String REWARD_ERROR = "reward_stderr";
  static final String SAMPLES = "samples";
  static final String SKIPPED = "skipped";
  static final String SECONDS = "seconds_total";

  /** A figure; NaN if the row has none. */
  double get(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }

  /** A figure; 0 if the row has none. */
  double count(String name) {
    return figures.getOrDefault(name, 0.0);
  }
}
