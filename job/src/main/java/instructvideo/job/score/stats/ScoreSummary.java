package instructvideo.job.score.stats;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores and errors of a table in numbers, for the end of a run and the page.
 *
 * @param rewards by name
 * @param failedVideos that some reward has no score of
 * @param reasons why, the most frequent first, at most {@link #MAX_REASONS}
 * @param numReasons how many there are in all
 */
public record ScoreSummary(
    List<RewardScores> rewards, long failedVideos, List<Reason> reasons, long numReasons) {

  /** Reasons that are listed. */
  public static final int MAX_REASONS = 10;

  /** The shares of {@link Quantiles}, between the least and the most. */
  private static final double[] SHARES = {0.05, 0.25, 0.5, 0.75, 0.95};

  private static final int ACCURACY = 10_000; // ranks are right to a share of 1 / 10,000

  /** Holds a score to 1e-20, and sums of all that are below 1e18. */
  private static final String EXACT = "decimal(38, 20)";

  /** Numbers in a reason that tell one video from another: not those inside of names like h264. */
  private static final String NUMBER = "(?<![\\w.-])\\d+(\\.\\d+)?(?![\\w-])";

  /**
   * A reward's scores.
   *
   * @param rows with a score or an error
   * @param quantiles null if no row has a score
   * @param mean of the scores, null if there is none
   * @param standardError the mean of the videos' standard errors over their frames, null if none
   *     has several frames
   */
  public record RewardScores(
      String reward,
      long rows,
      long scored,
      Quantiles quantiles,
      Double mean,
      Double standardError) {}

  /** Scores below which 5, 25, 50, 75 and 95 percent lie, between the least and the most. */
  public record Quantiles(
      double min, double q05, double q25, double median, double q75, double q95, double max) {}

  /**
   * Why videos have no score.
   *
   * @param text with N for numbers, where they differ
   * @param videos that have it
   * @param rewards that have it, sorted
   * @param examples one or two of the videos
   */
  public record Reason(String text, long videos, List<String> rewards, List<String> examples) {}

  /**
   * Sums a table up, in Spark.
   *
   * @param table rows of {@link instructvideo.spark.ScoresTable}; one set of each reward, see
   *     {@link ScoreSet}, or the numbers mean nothing
   */
  public static ScoreSummary of(Dataset<Row> table) {
    List<RewardScores> rewards = rewards(table);
    if (rewards.stream().allMatch(reward -> reward.rows == reward.scored)) {
      return new ScoreSummary(rewards, 0, List.of(), 0);
    }

    Column error = coalesce(col("error"), lit("its score is no number"));
    Dataset<Row> failed =
        table
            .filter(not(ScoreColumns.isScored()))
            .select(col("video"), col("reward"), error.as("error"))
            .withColumn("reason", regexp_replace(col("error"), NUMBER, "N"));
    Row counts = failed.agg(count_distinct(col("video")), count_distinct(col("reason"))).first();
    return new ScoreSummary(rewards, counts.getLong(0), reasons(failed), counts.getLong(1));
  }

  private static List<RewardScores> rewards(Dataset<Row> table) {
    Column[] shares = Arrays.stream(SHARES).mapToObj(share -> lit(share)).toArray(Column[]::new);
    Column score = when(ScoreColumns.isScored(), col("score"));
    Column error = when(ScoreColumns.isScored(), ScoreColumns.standardError());
    return table
        .select(col("reward"), score.as("score"), error.as("frames_error"))
        .groupBy("reward")
        .agg(
            count(lit(1)),
            count("score"),
            min("score"),
            percentile_approx(col("score"), array(shares), lit(ACCURACY)),
            max("score"),
            mean("score"),
            mean("frames_error"))
        .orderBy("reward")
        .collectAsList()
        .stream()
        .map(ScoreSummary::rewardScores)
        .toList();
  }

  /**
   * The mean, with the same bits in whatever order tasks end: decimals have exact sums. Where there
   * are numbers from 1e18 on it is Spark's own.
   */
  private static Column mean(String column) {
    Column value = col(column).cast(EXACT);
    Column exact = sum(value).cast("double").divide(count(column));
    return coalesce(when(count(value).equalTo(count(column)), exact), avg(column));
  }

  private static RewardScores rewardScores(Row row) {
    Quantiles quantiles = row.isNullAt(3) ? null : quantiles(row);
    return new RewardScores(
        row.getString(0),
        row.getLong(1),
        row.getLong(2),
        quantiles,
        row.<Double>getAs(6),
        row.<Double>getAs(7));
  }

  private static Quantiles quantiles(Row row) {
    List<Double> inner = row.getList(4);
    return new Quantiles(
        row.getDouble(3),
        inner.get(0),
        inner.get(1),
        inner.get(2),
        inner.get(3),
        inner.get(4),
        row.getDouble(5));
  }

  private static List<Reason> reasons(Dataset<Row> failed) {
    Column text = when(min("error").equalTo(max("error")), min("error")).otherwise(col("reason"));
    return failed
        .groupBy("reason")
        .agg(
            text.as("text"),
            count_distinct(col("video")).as("videos"),
            sort_array(collect_set("reward")).as("rewards"),
            min("video").as("first"),
            max("video").as("last"))
        .orderBy(col("videos").desc(), col("reason"))
        .limit(MAX_REASONS)
        .collectAsList()
        .stream()
        .map(
            row ->
                new Reason(
                    row.getAs("text"),
                    row.getAs("videos"),
                    row.getList(row.fieldIndex("rewards")),
                    Stream.of(row.<String>getAs("first"), row.<String>getAs("last"))
                        .distinct()
                        .toList()))
        .toList();
  }

  /** The summary as lines for a console. */
  public String text() {
    StringBuilder text = new StringBuilder();
    rewards.forEach(reward -> add(text, reward));
    if (failedVideos > 0) {
      text.append("Without a score: %d videos%n".formatted(failedVideos));
      reasons.forEach(reason -> add(text, reason));
      if (numReasons > reasons.size()) {
        text.append("  and %d other reasons%n".formatted(numReasons - reasons.size()));
      }
    }

    return text.append(ScoreColumns.COMPARABLE).append('\n').toString();
  }

  private static void add(StringBuilder text, RewardScores reward) {
    text.append("%s: %d of %d scored".formatted(reward.reward, reward.scored, reward.rows));
    if (reward.mean == null) {
      text.append('\n');
      return;
    }

    text.append(String.format(Locale.ROOT, ", mean %.4f", reward.mean));
    if (reward.standardError != null) {
      text.append(
          String.format(
              Locale.ROOT,
              ", standard error over a video's frames %.4f on average",
              reward.standardError));
    }

    Quantiles q = reward.quantiles;
    text.append(
        String.format(
            Locale.ROOT,
            "%n  min %.4f   5 %% %.4f   25 %% %.4f   50 %% %.4f   75 %% %.4f   95 %% %.4f   max %.4f%n",
            q.min,
            q.q05,
            q.q25,
            q.median,
            q.q75,
            q.q95,
            q.max));
  }

  private static void add(StringBuilder text, Reason reason) {
    String examples = String.join(", ", reason.examples);
    String line = "%8d  %s (%s)".formatted(reason.videos, reason.text, examples);
    // A file's name must not steer the terminal.
    text.append(line.replaceAll("[\\p{Cntrl}\\u0080-\\u009F]", "?")).append('\n');
  }
}
