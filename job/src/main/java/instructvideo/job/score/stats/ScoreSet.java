package instructvideo.job.score.stats;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import java.sql.Timestamp;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of one reward by the same weights and settings: scores that can be compared.
 *
 * @param newest of scored_at, null if no row has one
 * @param rows with a score or an error
 * @param scored rows with a score
 */
public record ScoreSet(
    String reward, String rewardId, String settingsId, Timestamp newest, long rows, long scored) {

  private static final Comparator<String> TEXT = Comparator.nullsFirst(Comparator.naturalOrder());

  /** The newest last; those of one moment by their fingerprints. */
  private static final Comparator<ScoreSet> BY_AGE =
      Comparator.comparing(ScoreSet::newest, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(ScoreSet::rewardId, TEXT)
          .thenComparing(ScoreSet::settingsId, TEXT);

  /** All sets of a table, by reward, the newest of a reward last. */
  public static List<ScoreSet> of(Dataset<Row> table) {
    return table
        .groupBy("reward", "reward_id", "settings_id")
        .agg(max("scored_at"), count(lit(1)), count(when(ScoreColumns.isScored(), lit(1))))
        .collectAsList()
        .stream()
        .map(
            row ->
                new ScoreSet(
                    row.getString(0),
                    row.getString(1),
                    row.getString(2),
                    row.getTimestamp(3),
                    row.getLong(4),
                    row.getLong(5)))
        .sorted(Comparator.comparing(ScoreSet::reward, TEXT).thenComparing(BY_AGE))
        .toList();
  }

  /** The newest set of each reward, by reward. */
  public static List<ScoreSet> newestOf(List<ScoreSet> sets) {
    Map<String, ScoreSet> found = new TreeMap<>(TEXT);
    sets.stream().sorted(BY_AGE).forEach(set -> found.put(set.reward, set));
    return List.copyOf(found.values());
  }

  /** Rows of some sets. */
  public static Dataset<Row> rows(Dataset<Row> table, List<ScoreSet> sets) {
    Optional<Column> any = sets.stream().map(ScoreSet::isRow).reduce(Column::or);
    return table.filter(any.orElse(lit(false)));
  }

  /** Whether a row is of this set. */
  public Column isRow() {
    return col("reward")
        .eqNullSafe(reward)
        .and(col("reward_id").eqNullSafe(rewardId))
        .and(col("settings_id").eqNullSafe(settingsId));
  }
}
