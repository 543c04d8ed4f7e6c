package instructvideo.spark;

import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Rows of {@link ScoresTable} with the manifest's own columns behind them.
 *
 * @param ids of each reward and sum
 * @param schema of the rows
 */
public record ScoreRows(RewardConfig config, TreeMap<String, RewardIds> ids, StructType schema)
    implements Serializable {

  private static final int ERROR = ScoresTable.SCHEMA.fieldIndex("error");

  /** The fingerprints of a reward's weights and of the settings. */
  public record RewardIds(String rewardId, String settingsId) implements Serializable {}

  /** Why a row has no score, null if it has one. */
  static String error(Row row) {
    return row.getString(ERROR);
  }

  /**
   * The row of a video and a reward or sum.
   *
   * @param own values of the manifest's own columns by name, null if it has none
   */
  public Row row(ScoredVideo scored, String reward, Row own) {
    double[] frameScores = frameScores(scored, reward);
    String error = error(scored, reward, frameScores);
    boolean fine = error == null;
    List<Object> values = new ArrayList<>(schema.size());
    values.add(scored.item().video());
    values.add(scored.item().prompt());
    values.add(reward);
    values.add(fine ? mean(frameScores) : null);
    values.add(fine ? seq(Arrays.stream(frameScores).boxed().toList()) : null);
    values.add(fine ? seq(Arrays.stream(scored.frameIndices()).boxed().toList()) : null);
    values.add(fine ? seq(Arrays.stream(scored.frameTimes()).boxed().toList()) : null);
    values.add(scored.facts().width());
    values.add(scored.facts().height());
    values.add(scored.facts().frames());
    values.add(scored.facts().seconds());
    values.add(scored.facts().fps());
    values.add(scored.facts().codec());
    values.add(scored.contentId());
    values.add(ids.get(reward).rewardId());
    values.add(ids.get(reward).settingsId());
    values.add(Timestamp.from(Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    values.add(error);
    for (int i = ScoresTable.SCHEMA.size(); i < schema.size(); i++) {
      values.add(value(own, schema.apply(i).name()));
    }

    return RowFactory.create(values.toArray());
  }

  /** Null where the run's manifest has not got a column of the table. */
  private static Object value(Row own, String column) {
    return own == null || !Arrays.asList(own.schema().fieldNames()).contains(column)
        ? null
        : own.getAs(column);
  }

  /** Null if a frame has no score. */
  private double[] frameScores(ScoredVideo scored, String reward) {
    RewardSum sum =
        config.rewardSums().stream()
            .filter(candidate -> candidate.name().equals(reward))
            .findFirst()
            .orElse(RewardSum.of(reward));
    Map<String, double[]> known = scored.frameScores();
    if (!known.keySet().containsAll(sum.terms().keySet())) {
      return null;
    }

    double[] scores = new double[scored.frameIndices().length];
    for (int i = 0; i < scores.length; i++) {
      int frame = i;
      scores[i] = sum.apply(term -> known.get(term)[frame]);
    }

    return scores;
  }

  private String error(ScoredVideo scored, String reward, double[] frameScores) {
    if (scored.error() != null) {
      return scored.error();
    }

    if (frameScores == null) {
      return "no prompt";
    }

    return Double.isFinite(mean(frameScores)) ? null : "the score by " + reward + " is no number";
  }

  private static double mean(double... scores) {
    return Arrays.stream(scores).sum() / scores.length;
  }

  private static scala.collection.Seq<?> seq(List<?> list) {
    return JavaConverters.asScalaBufferConverter(list).asScala().toSeq();
  }
}
