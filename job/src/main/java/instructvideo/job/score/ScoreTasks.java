package instructvideo.job.score;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import instructvideo.spark.ChunkKey;
import instructvideo.spark.PlanTable;
import instructvideo.spark.ScoreChunk;
import instructvideo.spark.ScoreChunk.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Spark's jobs over a plan: chunks of new rows, and files that are written again. */
final class ScoreTasks {

  private static final int LARGEST = 256;
  private static final int SMALLEST = 16;
  private static final int CHUNKS_PER_CORE = 16;

  private final SparkSession spark;
  private final ScoreChunk chunk;
  private final int chunkSize;

  /**
   * Of a run.
   *
   * @param chunkSize videos of a file, 0 to choose by their number
   */
  ScoreTasks(SparkSession spark, ScoreChunk chunk, int chunkSize) {
    this.spark = spark;
    this.chunk = chunk;
    this.chunkSize = chunkSize;
  }

  /** Scores rows of a plan that no file of the table has; each chunk becomes a file. */
  Result add(Dataset<Row> rows) {
    Map<String, Long> counts = countByPartition(rows);
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    if (total == 0) {
      return Result.NOTHING;
    }

    Map<String, ChunkKey.Range> ranges = ranges(counts, size(total));
    int chunks = ranges.values().stream().mapToInt(ChunkKey.Range::end).max().orElseThrow();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<ScoreChunk> task = context.broadcast(chunk);
    context.setCallSite("score: plan to chunks"); // names the stage of what follows
    JavaPairRDD<ChunkKey, Row> keyed = rows.javaRDD().keyBy(row -> ChunkKey.of(row, ranges));
    context.setCallSite("score: chunks 0 to %d".formatted(chunks - 1));
    try {
      return sum(
          keyed
              .repartitionAndSortWithinPartitions(new ChunkKey.Partitioner(chunks))
              .mapPartitionsWithIndex(
                  (index, entries) -> task.value().write(index, ChunkKey.distinct(entries)), true)
              .collect());
    } finally {
      context.clearCallSite();
    }
  }

  /** Scores rows that replace others, and writes the files of these again. */
  Result replace(Dataset<Row> rows, ScorePlan plan) {
    JavaPairRDD<String, Row> fresh =
        rows.where(col(PlanTable.FILE).isNotNull())
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(row.<String>getAs(PlanTable.FILE), row));
    JavaPairRDD<String, Row> kept =
        plan.kept()
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(row.<String>getAs(ScoreTable.FILE), row));
    JavaPairRDD<String, Row> touched =
        plan.gone()
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(row.<String>getAs(ScoreTable.FILE), row));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<ScoreChunk> task = context.broadcast(chunk);
    return sum(
        touched
            .cogroup(fresh, kept)
            .map(file -> task.value().rewrite(file._1(), file._2()._2(), file._2()._3()))
            .collect());
  }

  private static Result sum(List<Result> results) {
    Result sum = Result.NOTHING;
    for (Result result : results) {
      sum = sum.plus(result);
    }

    return sum;
  }

  private static Map<String, Long> countByPartition(Dataset<Row> rows) {
    Map<String, Long> counts = new TreeMap<>();
    List<Row> groups =
        new ArrayList<>(
            rows.groupBy(coalesce(col(PlanTable.PARTITION), lit(""))).count().collectAsList());
    groups.forEach(group -> counts.put(group.getString(0), group.getLong(1)));
    return counts;
  }

  private int size(long total) {
    if (chunkSize > 0) {
      return chunkSize;
    }

    long cores = Math.max(1, spark.sparkContext().defaultParallelism());
    return (int) Math.max(SMALLEST, Math.min(LARGEST, total / (cores * CHUNKS_PER_CORE)));
  }

  private static Map<String, ChunkKey.Range> ranges(Map<String, Long> counts, int size) {
    Map<String, ChunkKey.Range> ranges = new TreeMap<>();
    int start = 0;
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      int chunks = Math.toIntExact((count.getValue() + size - 1) / size);
      ranges.put(count.getKey(), new ChunkKey.Range(start, chunks));
      start += chunks;
    }

    return ranges;
  }
}
