package instructvideo.spark;

import instructvideo.spark.PreparedRow.Outcome;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;

/** The rows of some prompts, computed once on Spark for both tables. */
public final class PrepareChunk implements AutoCloseable {

  private static final int ITEMS_PER_TASK = 4; // progress and a retry are in units of a task

  private final SparkSession spark;
  private final Broadcast<PrepareSetup> setup;
  private final JavaRDD<PreparedRow> rows;

  private PrepareChunk(
      SparkSession spark, Broadcast<PrepareSetup> setup, JavaRDD<PreparedRow> rows) {
    this.spark = spark;
    this.setup = setup;
    this.rows = rows;
  }

  /**
   * Plans the rows; the first use of a table computes them.
   *
   * @param notes folder for those of the attempts, to be removed when the tables are written
   * @param done counts the items of tasks that ended
   */
  public static PrepareChunk of(
      SparkSession spark,
      PrepareSetup setup,
      List<PrepareItem> items,
      String notes,
      LongAccumulator done) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<PrepareSetup> broadcast = context.broadcast(setup);
    int tasks = (items.size() + ITEMS_PER_TASK - 1) / ITEMS_PER_TASK;
    JavaRDD<PreparedRow> rows =
        context
            .parallelize(items, tasks)
            .mapPartitionsWithIndex(
                (task, part) -> prepare(broadcast.value(), part, notes, task, done), true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new PrepareChunk(spark, broadcast, rows);
  }

  private static Iterator<PreparedRow> prepare(
      PrepareSetup setup, Iterator<PrepareItem> items, String notes, int task, LongAccumulator done)
      throws IOException, InterruptedException {
    List<PreparedRow> rows = new ArrayList<>();
    try (VideosInHand inHand = new VideosInHand(notes, "" + task)) {
      while (items.hasNext()) {
        PrepareItem item = items.next();
        boolean isTaken = item.uri() == null || inHand.take(item.uri());
        rows.add(PrepareWorker.prepare(setup, isTaken ? item : item.rejected(VideosInHand.ERROR)));
        done.add(1);
      }
    }

    return rows.iterator();
  }

  /** The negative prompt's embedding, computed on an executor. */
  public static NegativePrompt negativePrompt(SparkSession spark, PrepareSetup setup) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(setup), 1)
        .map(PrepareWorker::negativePrompt)
        .first();
  }

  /**
   * What became of the items.
   *
   * @param sha256 of all rows in the order of the items, hexadecimal
   */
  public record Summary(long fromVideos, long sampled, long rejects, String sha256) {}

  private record RowSummary(Outcome outcome, String sha256) implements Serializable {}

  /** Computes the rows and sums them up. */
  public Summary summary() {
    List<RowSummary> list = rows.map(row -> new RowSummary(row.outcome(), row.sha256())).collect();
    Map<Outcome, Long> counts =
        list.stream().collect(Collectors.groupingBy(RowSummary::outcome, Collectors.counting()));
    String digests = list.stream().map(RowSummary::sha256).collect(Collectors.joining("\n"));
    return new Summary(
        counts.getOrDefault(Outcome.FROM_VIDEO, 0L),
        counts.getOrDefault(Outcome.SAMPLED, 0L),
        counts.getOrDefault(Outcome.REJECTED, 0L),
        PreparedRow.sha256(digests.getBytes(StandardCharsets.UTF_8)));
  }

  /** Rows of {@link SamplesTable}, in the order of the items. */
  public Dataset<Row> samples() {
    return table(true, SamplesTable.SCHEMA);
  }

  /** Rows of {@link RejectsTable}, in the order of the items. */
  public Dataset<Row> rejects() {
    return table(false, RejectsTable.SCHEMA);
  }

  private Dataset<Row> table(boolean samples, StructType schema) {
    JavaRDD<Row> table = rows.filter(row -> row.isSample() == samples).map(PreparedRow::row);
    return spark.createDataFrame(table, schema);
  }

  @Override
  public void close() {
    rows.unpersist(true);
    setup.destroy();
  }
}
