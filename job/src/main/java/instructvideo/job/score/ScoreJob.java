package instructvideo.job.score;

import static org.apache.spark.sql.functions.col;

import instructvideo.error.InvalidInputException;
import instructvideo.job.ProgressLine;
import instructvideo.job.RunningCount;
import instructvideo.job.score.stats.ScoreSummary;
import instructvideo.spark.PlanTable;
import instructvideo.spark.ScoreChunk;
import instructvideo.spark.ScoreChunk.Result;
import instructvideo.spark.ScoreClock.Stage;
import instructvideo.spark.ScoreRows;
import instructvideo.spark.TableOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Scores what the table has not got: list, plan, score, sum up. */
final class ScoreJob {

  private final SparkSession spark;
  private final ScoreInputs inputs;
  private final ScoreTable table;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final LongAccumulator done;
  private final TreeMap<Stage, LongAccumulator> clocks = new TreeMap<>();

  ScoreJob(SparkSession spark, ScoreInputs inputs) throws IOException {
    this.spark = spark;
    this.inputs = inputs;
    table = new ScoreTable(spark, inputs.out());
    done = spark.sparkContext().longAccumulator("scored videos");
    for (Stage stage : Stage.values()) {
      clocks.put(stage, spark.sparkContext().longAccumulator("nanoseconds " + stage));
    }
  }

  /** Returns the exit code. */
  int run() throws IOException {
    long start = System.nanoTime();
    describe("videos");
    VideoItems items = items();
    items.notices().forEach(notice -> System.err.println("note: " + notice));
    table.claim(items.own(), items.isPartitioned());
    table.clean();
    ScoreChunk chunk = chunk();
    table.show(chunk.output());
    describe("what the table has not got");
    Dataset<Row> rows = Prompts.complete(items.rows(), inputs.config().prompt());
    ScorePlan plan = plan(rows);
    try {
      double listed = (System.nanoTime() - start) / 1e9;
      Result result = score(plan, chunk, items.holdsContent() ? rows : null);
      double total = (System.nanoTime() - start) / 1e9;
      Map<String, Double> seconds = ScoreReport.seconds(listed, nanos(), total);
      long videos = plan.asked().count();
      report(new ScoreReport(inputs.out(), videos, plan.pending(), result, seconds), items);
    } finally {
      plan.discard();
    }

    return 0;
  }

  private Map<Stage, Long> nanos() {
    Map<Stage, Long> nanos = new TreeMap<>();
    clocks.forEach((stage, accumulator) -> nanos.put(stage, accumulator.sum()));
    return nanos;
  }

  /** What Spark's pages and event log call the jobs that follow. */
  private void describe(String phase) {
    spark.sparkContext().setJobDescription("score: " + phase);
  }

  private void report(ScoreReport report, VideoItems items) throws IOException {
    describe("summary");
    Dataset<Row> rows = ScoreReport.rows(table.rows(), inputs.ids());
    report.tell(ScoreSummary.of(rows), table);
    if (!inputs.config().html().isEmpty()) {
      ScoreReport.page(rows, items.resolver(), inputs.config().html());
    }
  }

  private VideoItems items() throws IOException {
    String videos = inputs.config().videos();
    String prompts = inputs.config().prompts();
    if (videos.isEmpty()) {
      return ManifestItems.read(spark, prompts, inputs.config().allowLocalVideos());
    }

    if (!ManifestItems.isOne(videos)) {
      return FolderItems.read(spark, videos, prompts);
    }

    if (!prompts.isEmpty()) {
      throw InvalidInputException.of(
          "Invalid --prompts: %s; the prompts of the manifest %s are its column prompt, or --prompt"
              + " for all",
          prompts, videos);
    }

    return ManifestItems.read(spark, videos, inputs.config().allowLocalVideos());
  }

  private ScorePlan plan(Dataset<Row> rows) throws IOException {
    try {
      return ScorePlan.write(spark, table, inputs, rows.drop(PlanTable.CONTENT), id);
    } catch (Exception e) { // Spark's checked ones are not declared
      throw Manifests.malformed(inputs.config().videos(), e);
    }
  }

  /**
   * Scores the plan.
   *
   * @param contents the items with their bytes, null where those are files
   */
  private Result score(ScorePlan plan, ScoreChunk chunk, Dataset<Row> contents) throws IOException {
    Dataset<Row> items = plan.items();
    long total = items.count();
    describe("%d videos".formatted(total));
    RunningCount count = new RunningCount(done);
    spark.sparkContext().addSparkListener(count);
    try (ProgressLine line = ProgressLine.ofMany("score", "videos", total, count::sum)) {
      Dataset<Row> whole = contents == null ? items : withContents(items, contents);
      ScoreTasks tasks = new ScoreTasks(spark, chunk, inputs.config().chunk());
      Result added = tasks.add(whole.where(col(PlanTable.FILE).isNull()));
      return plan.replaces() ? added.plus(tasks.replace(whole, plan)) : added;
    } finally {
      spark.sparkContext().removeSparkListener(count);
    }
  }

  private static Dataset<Row> withContents(Dataset<Row> items, Dataset<Row> contents) {
    return items.join(
        contents.select(PlanTable.VIDEO, PlanTable.PROMPT, PlanTable.CONTENT_ID, PlanTable.CONTENT),
        items
            .col(PlanTable.VIDEO)
            .equalTo(contents.col(PlanTable.VIDEO))
            .and(items.col(PlanTable.PROMPT).eqNullSafe(contents.col(PlanTable.PROMPT)))
            .and(items.col(PlanTable.CONTENT_ID).eqNullSafe(contents.col(PlanTable.CONTENT_ID))));
  }

  private ScoreChunk chunk() throws IOException {
    TableOutput output = table.output(id);
    ScoreRows rows = new ScoreRows(inputs.setup().reward(), inputs.ids(), table.fileSchema());
    return new ScoreChunk(inputs.setup(), output, rows, table.partition(), done, clocks);
  }
}
