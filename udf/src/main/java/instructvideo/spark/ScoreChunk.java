package instructvideo.spark;

import instructvideo.reward.RewardConfig;
import instructvideo.spark.ScoreClock.Stage;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.util.LongAccumulator;

/**
 * What a task does: scores rows of the plan and writes them to a file, or to one for each partition
 * of the table.
 *
 * @param partitionColumn of the table, null if it has none
 * @param done counts videos
 * @param clocks nanoseconds by stage
 */
public record ScoreChunk(
    ScoreSetup setup,
    TableOutput output,
    ScoreRows rows,
    String partitionColumn,
    LongAccumulator done,
    TreeMap<Stage, LongAccumulator> clocks)
    implements Serializable {

  /**
   * What became of rows of the plan.
   *
   * @param rows written, a video having one for each reward
   * @param errors of these rows, by reason
   */
  public record Result(long videos, long rows, TreeMap<String, Long> errors)
      implements Serializable {

    /** Of nothing. */
    public static final Result NOTHING = new Result(0, 0, new TreeMap<>());

    /** Of both. */
    public Result plus(Result other) {
      TreeMap<String, Long> all = new TreeMap<>(errors);
      other.errors.forEach((reason, count) -> all.merge(reason, count, Long::sum));
      return new Result(videos + other.videos, rows + other.rows, all);
    }
  }

  /**
   * Scores what the table has not got.
   *
   * @param chunk number of the task, for the names of its files
   * @param plan rows of {@link PlanTable}
   */
  public Iterator<Result> write(int chunk, Iterator<Row> plan)
      throws IOException, InterruptedException {
    if (!plan.hasNext()) {
      return List.<Result>of().iterator();
    }

    String name = "%05d".formatted(chunk);
    return List.of(run(name, plan, List.of(), folder -> output.newFile(folder, chunk))).iterator();
  }

  /**
   * Writes a file of the table again: rows that stay, and new ones in place of the others.
   *
   * @param file relative to the table
   * @param plan rows of {@link PlanTable}
   * @param kept rows of the table
   */
  public Result rewrite(String file, Iterable<Row> plan, Iterable<Row> kept)
      throws IOException, InterruptedException {
    List<Row> sorted = new ArrayList<>();
    plan.forEach(sorted::add);
    sorted.sort(
        Comparator.comparing((Row row) -> row.<String>getAs(PlanTable.VIDEO))
            .thenComparing(row -> Objects.toString(row.getAs(PlanTable.PROMPT), "")));
    return run(file.replace('/', ' '), sorted.iterator(), kept, folder -> file);
  }

  private Result run(
      String name, Iterator<Row> plan, Iterable<Row> kept, UnaryOperator<String> fileOf)
      throws IOException, InterruptedException {
    ScoreClock clock = new ScoreClock();
    Result result = Result.NOTHING;
    try (VideosInHand inHand = new VideosInHand(output.planFolder() + "/in-hand", name);
        TableFiles files = new TableFiles(output, fileOf);
        ScoreStream stream =
            ScoreStream.of(
                setup, new PlanItems(plan, setup.reward(), inHand), clock, inHand.isAlone())) {
      for (Row row : kept) {
        files.write("", row);
      }

      while (stream.hasNext()) {
        TaskContext.get().killTaskIfInterrupted();
        result = result.plus(write(stream.next(), files, clock));
        done.add(1);
      }

      long start = System.nanoTime();
      files.publish();
      clock.add(Stage.WRITE, System.nanoTime() - start);
    }

    clocks.forEach((stage, accumulator) -> accumulator.add(clock.nanos(stage)));
    return result;
  }

  private Result write(ScoredVideo scored, TableFiles files, ScoreClock clock) throws IOException {
    long start = System.nanoTime();
    Row plan = scored.item().row();
    Row own = List.of(plan.schema().fieldNames()).contains(PlanTable.OWN) ? own(plan) : null;
    TreeMap<String, Long> errors = new TreeMap<>();
    List<String> rewards = PlanTable.rewards(plan);
    for (String reward : rewards) {
      Row row = rows.row(scored, reward, own);
      files.write(folder(plan), row);
      String error = ScoreRows.error(row);
      if (error != null) {
        errors.merge(error, 1L, Long::sum);
      }
    }

    clock.add(Stage.WRITE, System.nanoTime() - start);
    return new Result(1, rewards.size(), errors);
  }

  private static Row own(Row plan) {
    return plan.getStruct(plan.fieldIndex(PlanTable.OWN));
  }

  /** Of a partition, as Hive names it; "" in a table without. */
  private String folder(Row plan) {
    if (partitionColumn == null) {
      return "";
    }

    String value = plan.getAs(PlanTable.PARTITION);
    String name =
        value == null
            ? ExternalCatalogUtils.DEFAULT_PARTITION_NAME()
            : ExternalCatalogUtils.escapePathName(value);
    return partitionColumn + "=" + name;
  }

  /** Rows of the plan as items, of which the last one is in hand. */
  private record PlanItems(Iterator<Row> plan, RewardConfig config, VideosInHand inHand)
      implements Iterator<ScoreItem> {
    @Override
    public boolean hasNext() {
      return plan.hasNext();
    }

    @Override
    public ScoreItem next() {
      ScoreItem item = PlanTable.item(plan.next(), config);
      return item.problem() == null && !inHand.take(item.video())
          ? item.rejected(VideosInHand.ERROR)
          : item;
    }
  }
}
