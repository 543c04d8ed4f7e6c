package instructvideo.job.score;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import com.google.gson.GsonBuilder;
import instructvideo.job.Durations;
import instructvideo.job.Outputs;
import instructvideo.job.score.page.ScorePage;
import instructvideo.job.score.stats.ScoreSummary;
import instructvideo.spark.ScoreChunk.Result;
import instructvideo.spark.ScoreClock.Stage;
import instructvideo.spark.ScoreRows.RewardIds;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a run tells at its end: on the console, in _scores/summary.json and on a page.
 *
 * @param videos that were asked for, a video counting once for each prompt
 * @param planned of these, those of which the table had not got all that is wanted
 * @param seconds by stage; of executors the sum over all of their threads
 */
record ScoreReport(
    String table, long videos, long planned, Result result, Map<String, Double> seconds) {

  /** Those of executors behind those of the driver. */
  static Map<String, Double> seconds(double list, Map<Stage, Long> nanos, double total) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("list", list);
    for (Map.Entry<Stage, Long> stage : new TreeMap<>(nanos).entrySet()) {
      seconds.put(stage.getKey().name().toLowerCase(Locale.ROOT), stage.getValue() / 1e9);
    }

    seconds.put("total", total);
    return seconds;
  }

  /** Rows of a table with the weights and settings of a run. */
  static Dataset<Row> rows(Dataset<Row> table, Map<String, RewardIds> ids) {
    Column isWanted = lit(false);
    for (Map.Entry<String, RewardIds> reward : ids.entrySet()) {
      isWanted =
          isWanted.or(
              col("reward")
                  .equalTo(reward.getKey())
                  .and(col("reward_id").equalTo(reward.getValue().rewardId()))
                  .and(col("settings_id").equalTo(reward.getValue().settingsId())));
    }

    return table.where(isWanted);
  }

  /** Prints it, and writes _scores/summary.json. */
  void tell(ScoreSummary summary, ScoreTable directory) {
    long errors = result.errors().values().stream().mapToLong(Long::longValue).sum();
    System.out.printf(
        Locale.ROOT,
        "Scored %d of %d videos in %s (%d rows, %d of them errors; %d videos were in the table): %s%n",
        planned,
        videos,
        Durations.text(seconds.get("total")),
        result.rows(),
        errors,
        videos - planned,
        table);
    System.out.println(
        "Seconds: "
            + seconds.entrySet().stream()
                .map(
                    stage ->
                        String.format(Locale.ROOT, "%s %.1f", stage.getKey(), stage.getValue()))
                .collect(Collectors.joining(", ")));
    System.out.print(summary.text());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("videos", videos);
    json.put("scored", planned);
    json.put("in_table", videos - planned);
    json.put("rows", result.rows());
    json.put("errors", result.errors());
    json.put("seconds", seconds);
    json.put("table", summary);
    String text =
        new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create()
            .toJson(json);
    Outputs.file(
        directory.hidden("summary.json").toString(), file -> Files.writeString(file, text));
  }

  /** Writes the page. */
  static void page(Dataset<Row> rows, UnaryOperator<String> resolver, String uri)
      throws IOException {
    ScorePage.write(rows, resolver, uri);
    System.out.println("Page: " + uri);
  }
}
