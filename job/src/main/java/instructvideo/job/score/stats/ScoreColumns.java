package instructvideo.job.score.stats;

import static org.apache.spark.sql.functions.asc;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** What follows from the columns of scores. */
public final class ScoreColumns {

  /** Said wherever scores are shown. */
  public static final String COMPARABLE =
      "HPS scores are comparable only within one prompt: they rank the videos of a prompt, not videos"
          + " of different prompts.";

  /** Name of {@link #standardError}. */
  public static final String STANDARD_ERROR = "score_stderr";

  /** Rank of a video among the scored videos of its prompt, from 1. */
  public static final String RANK_IN_PROMPT = "rank_in_prompt";

  /** Scored videos of the row's prompt. */
  public static final String PROMPT_VIDEOS = "prompt_videos";

  /** In one pass (Welford), so that a video of which all frames are scored takes no longer. */
  private static final String STANDARD_ERROR_OF_FRAMES =
      """
      aggregate(
        frame_scores,
        named_struct('n', 0D, 'mean', 0D, 'squares', 0D),
        (a, x) -> named_struct(
          'n', a.n + 1,
          'mean', a.mean + (x - a.mean) / (a.n + 1),
          'squares', a.squares + (x - a.mean) * (x - a.mean) * a.n / (a.n + 1)),
        a -> if(a.n > 1, sqrt(a.squares / (a.n - 1) / a.n), null))
      """;

  private ScoreColumns() {}

  /** Whether a row has a score. */
  public static Column isScored() {
    return col("score").isNotNull().and(not(isnan(col("score"))));
  }

  /**
   * The standard error of a score over its frames: their sample standard deviation / sqrt(n), null
   * for one frame.
   */
  public static Column standardError() {
    return expr(STANDARD_ERROR_OF_FRAMES).as(STANDARD_ERROR);
  }

  /** The order of a ranking: ties by video, then prompt. */
  public static Column[] bestFirst() {
    return new Column[] {desc("score"), asc("video"), asc("prompt")};
  }

  /** The order of a ranking from its end. */
  public static Column[] worstFirst() {
    return new Column[] {asc("score"), desc("video"), desc("prompt")};
  }

  /** Adds {@link #RANK_IN_PROMPT} and {@link #PROMPT_VIDEOS} to scored rows of one set. */
  public static Dataset<Row> withRanks(Dataset<Row> scored) {
    WindowSpec prompt = Window.partitionBy("prompt");
    return scored
        .withColumn(RANK_IN_PROMPT, row_number().over(prompt.orderBy(bestFirst())))
        .withColumn(PROMPT_VIDEOS, count(lit(1)).over(prompt));
  }
}
