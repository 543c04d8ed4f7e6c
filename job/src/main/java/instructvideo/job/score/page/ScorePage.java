package instructvideo.job.score.page;

import instructvideo.job.Outputs;
import instructvideo.job.html.Html;
import instructvideo.job.score.stats.ScoreColumns;
import instructvideo.job.score.stats.ScoreSet;
import instructvideo.job.score.stats.ScoreSummary;
import instructvideo.job.score.stats.ScoreSummary.RewardScores;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One HTML page about a table of scores, with everything inside. */
public final class ScorePage {

  private final Dataset<Row> table;
  private final List<ScoreSet> all;
  private final List<ScoreSet> sets;
  private final ScoreSummary summary;
  private final Thumbnails thumbnails;

  private ScorePage(Dataset<Row> table, UnaryOperator<String> resolver) {
    this.table = table;
    all = ScoreSet.of(table);
    sets = ScoreSet.newestOf(all);
    summary = ScoreSummary.of(ScoreSet.rows(table, sets));
    thumbnails = new Thumbnails(resolver);
  }

  /**
   * Writes the page. It shows the newest set of each reward; numbers are computed by Spark, the
   * pictures of the few videos shown are decoded here. A video that cannot be opened any more has
   * the reason in place of its picture.
   *
   * @param table rows of {@link instructvideo.spark.ScoresTable}
   * @param resolver makes what the table calls a video a URI, such as one relative to a manifest
   * @param uri of the page; what is there is replaced
   * @throws instructvideo.error.InvalidInputException if it cannot be written
   */
  public static void write(Dataset<Row> table, UnaryOperator<String> resolver, String uri)
      throws IOException {
    String html = new ScorePage(table, resolver).html();
    Outputs.file(uri, file -> Files.writeString(file, html));
  }

  private String html() throws IOException {
    StringBuilder rewards = new StringBuilder();
    for (ScoreSet set : sets) {
      RewardScores scores = scores(set.reward());
      Dataset<Row> scored = table.filter(set.isRow()).filter(ScoreColumns.isScored());
      rewards.append(new RewardSection(set, older(set), scores, scored, thumbnails).html());
    }

    Map<String, String> values = new LinkedHashMap<>();
    values.put("comparable", Html.escape(ScoreColumns.COMPARABLE));
    values.put("rewards", rewards.isEmpty() ? "<p>The table has no rows.</p>" : rewards.toString());
    values.put("errors", ErrorsSection.html(summary));
    return Html.fill(ScorePage.class, "scores.html", values);
  }

  private RewardScores scores(String reward) {
    return summary.rewards().stream()
        .filter(scores -> scores.reward().equals(reward))
        .findFirst()
        .orElseThrow();
  }

  /** Sets of the same reward that are not shown. */
  private long older(ScoreSet shown) {
    return all.stream().filter(set -> set.reward().equals(shown.reward())).count() - 1;
  }
}
