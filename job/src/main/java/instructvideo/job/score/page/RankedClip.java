package instructvideo.job.score.page;

import static instructvideo.job.score.stats.ScoreColumns.PROMPT_VIDEOS;
import static instructvideo.job.score.stats.ScoreColumns.RANK_IN_PROMPT;
import static instructvideo.job.score.stats.ScoreColumns.STANDARD_ERROR;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import instructvideo.job.score.stats.ScoreColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A clip that the page shows.
 *
 * @param prompt null if it has none
 * @param error standard error of the score over frames, null for one frame
 * @param rank among the scored videos of its prompt, from 1
 * @param promptVideos scored videos of its prompt
 * @param frame that stands for it: the middle one of those scored
 */
record RankedClip(
    String video,
    String prompt,
    double score,
    Double error,
    int rank,
    long promptVideos,
    int frame) {

  /** The clips at both ends of a ranking, none in both. */
  record Ends(List<RankedClip> best, List<RankedClip> worst) {}

  /**
   * Looks up the ends; ranks only within the prompts of these clips.
   *
   * @param scored rows with a score, of one set
   * @param count how many there are
   * @param most clips of each end
   */
  static Ends ends(Dataset<Row> scored, long count, int most) {
    int best = Math.toIntExact(Math.min(most, (count + 1) / 2));
    int worst = Math.toIntExact(Math.min(most, count / 2));
    List<Row> prompts =
        new ArrayList<>(scored.orderBy(ScoreColumns.bestFirst()).select("prompt").takeAsList(best));
    prompts.addAll(scored.orderBy(ScoreColumns.worstFirst()).select("prompt").takeAsList(worst));
    Optional<Column> ofThese =
        prompts.stream()
            .distinct()
            .map(row -> col("prompt").eqNullSafe(row.getString(0)))
            .reduce(Column::or);
    Column frame = coalesce(expr("frame_indices[cast(size(frame_indices) / 2 as int)]"), lit(0));
    Dataset<Row> ranked =
        ScoreColumns.withRanks(
            scored
                .filter(ofThese.orElse(lit(false)))
                .select(
                    col("video"),
                    col("prompt"),
                    col("score"),
                    ScoreColumns.standardError(),
                    frame.as("frame")));
    return new Ends(
        clips(ranked.orderBy(ScoreColumns.bestFirst()), best),
        clips(ranked.orderBy(ScoreColumns.worstFirst()), worst));
  }

  private static List<RankedClip> clips(Dataset<Row> rows, int count) {
    return rows.takeAsList(count).stream()
        .map(
            row ->
                new RankedClip(
                    row.getAs("video"),
                    row.getAs("prompt"),
                    row.<Double>getAs("score"),
                    row.getAs(STANDARD_ERROR),
                    row.<Integer>getAs(RANK_IN_PROMPT),
                    row.<Long>getAs(PROMPT_VIDEOS),
                    row.<Integer>getAs("frame")))
        .toList();
  }
}
