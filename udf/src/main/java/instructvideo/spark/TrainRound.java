package instructvideo.spark;

import instructvideo.lora.LoraNames;
import instructvideo.train.StepMetrics;
import instructvideo.train.TrainState;
import instructvideo.train.TrainingSample;
import instructvideo.train.WorkerResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * One round on Spark: every worker's samples are brought to it, it runs its local steps, and the
 * results are averaged module by module in a second stage (a reduce-scatter), so that the driver
 * holds one state however many workers there are.
 */
public final class TrainRound {

  /** The key under which metrics travel; no module has this name. */
  private static final String METRICS = "";

  private TrainRound() {}

  /**
   * What a round ends with.
   *
   * @param modules the average of each module by its path in the UNet
   * @param metrics sums over all workers
   */
  public record Averages(SortedMap<String, ModuleAverage> modules, StepMetrics metrics) {}

  /** A slice of a worker's result: either a module or the metrics. */
  private record Slice(ModulePiece piece, StepMetrics metrics) implements Serializable {}

  /** A slice of the average. */
  private record AveragedSlice(ModuleAverage average, StepMetrics metrics)
      implements Serializable {}

  /**
   * Runs a round.
   *
   * @param steps what a worker does with its samples, {@link LocalSteps#TRAINING} but for tests of
   *     what is around it
   * @param table the rows of {@link SamplesTable#trainingColumns} that the round needs
   * @param slots of each row by its position
   */
  public static Averages run(
      JavaSparkContext spark,
      LocalSteps steps,
      Dataset<Row> table,
      Map<Long, List<Slot>> slots,
      TrainSetup setup,
      TrainState state) {
    String round = "round %d/%d: ".formatted(state.round() + 1, setup.rounds().rounds());
    Broadcast<TrainState> broadcast = spark.broadcast(state);
    Broadcast<TrainSetup> setupBroadcast = spark.broadcast(setup);
    try {
      List<String> rewards = setup.textRewards();
      spark.setCallSite(round + "samples to their workers"); // names the stage of what follows
      JavaPairRDD<Slot, TrainingSample> samples =
          table.toJavaRDD().flatMapToPair(row -> placed(row, slots, rewards));
      spark.setCallSite(round + "local steps");
      JavaRDD<Tuple2<String, Slice>> slices =
          samples
              .repartitionAndSortWithinPartitions(new WorkerPartitioner(setup.rounds().workers()))
              .mapPartitions(rows -> train(steps, rows, setupBroadcast.value(), broadcast.value()));
      spark.setCallSite(round + "averaging");
      List<Tuple2<String, AveragedSlice>> averages =
          JavaPairRDD.fromJavaRDD(slices)
              .groupByKey(setup.rounds().workers())
              .mapValues(TrainRound::average)
              .collect();
      return collect(averages);
    } finally {
      spark.clearCallSite();
      broadcast.destroy();
      setupBroadcast.destroy();
    }
  }

  private static Iterator<Tuple2<Slot, TrainingSample>> placed(
      Row row, Map<Long, List<Slot>> slots, List<String> rewards) {
    return slots.getOrDefault(row.<Long>getAs("position"), List.of()).stream()
        .map(slot -> new Tuple2<>(slot, SamplesTable.sample(row, rewards, slot.epoch())))
        .iterator();
  }

  private static Iterator<Tuple2<String, Slice>> train(
      LocalSteps steps,
      Iterator<Tuple2<Slot, TrainingSample>> rows,
      TrainSetup setup,
      TrainState state) {
    int worker = TaskContext.getPartitionId();
    Iterable<Tuple2<Slot, TrainingSample>> iterable = () -> rows;
    Iterator<TrainingSample> samples =
        StreamSupport.stream(iterable.spliterator(), false).map(TrainRound::counted).iterator();
    WorkerResult result = steps.run(setup, state, worker, samples);
    SparkMetrics.get().skipped(result.metrics().skipped());
    List<Tuple2<String, Slice>> slices = new ArrayList<>();
    for (String name : setup.shapes().keySet()) {
      if (LoraNames.isLoraA(name)) {
        String module = LoraNames.module(name);
        ModulePiece piece = ModulePiece.of(module, worker, result, setup.shapes());
        slices.add(new Tuple2<>(module, new Slice(piece, null)));
      }
    }

    ModulePiece order = new ModulePiece(worker, result.metrics().samples(), 0, List.of());
    slices.add(new Tuple2<>(METRICS, new Slice(order, result.metrics())));
    return slices.iterator();
  }

  private static TrainingSample counted(Tuple2<Slot, TrainingSample> row) {
    SparkMetrics.get().sample();
    return row._2();
  }

  private static AveragedSlice average(Iterable<Slice> slices) {
    List<Slice> list = new ArrayList<>();
    slices.forEach(list::add);
    if (list.get(0).metrics == null) {
      return new AveragedSlice(ModuleAverage.of(list.stream().map(Slice::piece).toList()), null);
    }

    list.sort((one, other) -> Integer.compare(one.piece.worker(), other.piece.worker()));
    StepMetrics sum = StepMetrics.NONE;
    for (Slice slice : list) {
      sum = sum.plus(slice.metrics);
    }

    return new AveragedSlice(null, sum);
  }

  private static Averages collect(List<Tuple2<String, AveragedSlice>> slices) {
    SortedMap<String, ModuleAverage> modules = new TreeMap<>();
    StepMetrics metrics = StepMetrics.NONE;
    for (Tuple2<String, AveragedSlice> slice : slices) {
      if (slice._1().equals(METRICS)) {
        metrics = slice._2().metrics;
      } else {
        modules.put(slice._1(), slice._2().average);
      }
    }

    return new Averages(modules, metrics);
  }
}
