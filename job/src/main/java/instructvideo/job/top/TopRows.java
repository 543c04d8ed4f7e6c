package instructvideo.job.top;

import static instructvideo.job.score.stats.ScoreColumns.PROMPT_VIDEOS;
import static instructvideo.job.score.stats.ScoreColumns.RANK_IN_PROMPT;
import static instructvideo.job.score.stats.ScoreColumns.STANDARD_ERROR;
import static org.apache.spark.sql.functions.col;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.RunConfig.TopConfig;
import instructvideo.job.score.stats.ScoreColumns;
import instructvideo.job.score.stats.ScoreSet;
import instructvideo.spark.RowNumbers;
import instructvideo.spark.ScoresTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows that top keeps, best first.
 *
 * @param rows {@link #COLUMNS}, then the manifest's
 * @param set they are of
 * @param notices what the user should know, a line each
 */
record TopRows(Dataset<Row> rows, ScoreSet set, TopConfig config, List<String> notices) {

  private static final String RANK = "rank";

  private static final List<String> COLUMNS =
      List.of(
          "video",
          "prompt",
          "reward",
          "score",
          STANDARD_ERROR,
          RANK,
          RANK_IN_PROMPT,
          PROMPT_VIDEOS);

  /**
   * Plans them.
   *
   * @throws InvalidInputException if the table has no score of the reward
   */
  static TopRows of(Dataset<Row> table, TopConfig config) {
    List<ScoreSet> all = ScoreSet.of(table);
    List<ScoreSet> fit =
        all.stream()
            .filter(set -> config.reward().equals(set.reward()) && set.scored() > 0)
            .toList();
    if (fit.isEmpty()) {
      throw unknown(config, all);
    }

    ScoreSet set = ScoreSet.newestOf(fit).get(0);
    List<String> notices = new ArrayList<>();
    if (fit.size() > 1) {
      notices.add(
          "%d pairs of reward_id and settings_id have scores of %s; took the newest, %s and %s of %s"
              .formatted(fit.size(), set.reward(), set.rewardId(), set.settingsId(), set.newest()));
    }

    List<String> kept = kept(table);
    List<String> replaced = new ArrayList<>(ScoresTable.manifestColumns(table));
    replaced.removeAll(kept);
    if (!replaced.isEmpty()) {
      notices.add(
          "the table's own columns %s are left out: the list has others of these names"
              .formatted(String.join(", ", replaced)));
    }

    return new TopRows(select(table.filter(set.isRow()), kept, config), set, config, notices);
  }

  private static InvalidInputException unknown(TopConfig config, List<ScoreSet> all) {
    boolean isThere = all.stream().anyMatch(set -> config.reward().equals(set.reward()));
    List<String> names = all.stream().map(ScoreSet::reward).distinct().toList();
    return isThere
        ? InvalidInputException.of(
            "Cannot rank by %s: no row of %s has a score of it, only errors",
            config.reward(), config.scores())
        : InvalidInputException.of(
            "Unknown reward %s: %s holds %s",
            config.reward(),
            config.scores(),
            names.isEmpty() ? "no rows" : "scores of " + String.join(", ", names));
  }

  /** Columns of the manifest but those that have the name of a new one. */
  private static List<String> kept(Dataset<Row> table) {
    return ScoresTable.manifestColumns(table).stream()
        .filter(name -> !COLUMNS.contains(name.toLowerCase(Locale.ROOT)))
        .toList();
  }

  private static Dataset<Row> select(Dataset<Row> set, List<String> kept, TopConfig config) {
    Stream<Column> own = Stream.of("video", "prompt", "reward", "score").map(c -> col(c));
    Stream<Column> error = Stream.of(ScoreColumns.standardError());
    Column[] columns =
        Stream.of(own, error, kept.stream().map(TopRows::quoted))
            .flatMap(column -> column)
            .toArray(Column[]::new);
    Dataset<Row> rows = ScoreColumns.withRanks(set.filter(ScoreColumns.isScored()).select(columns));
    if (!config.min().isEmpty()) {
      rows = rows.filter(col("score").geq(Double.parseDouble(config.min())));
    }

    if (config.perPrompt() > 0) {
      rows = rows.filter(col(RANK_IN_PROMPT).leq(config.perPrompt()));
    }

    rows = rows.orderBy(ScoreColumns.bestFirst());
    rows = config.k() > 0 ? rows.limit(config.k()) : rows;
    return RowNumbers.add(rows, RANK)
        .select(
            Stream.concat(COLUMNS.stream(), kept.stream())
                .map(TopRows::quoted)
                .toArray(Column[]::new));
  }

  /** A name may hold dots. */
  private static Column quoted(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }
}
