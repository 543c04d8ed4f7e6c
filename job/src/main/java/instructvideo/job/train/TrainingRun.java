package instructvideo.job.train;

import instructvideo.error.InvalidInputException;
import instructvideo.job.guard.Guard;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.Look;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.tracking.RunTracking;
import instructvideo.lora.LoraNames;
import instructvideo.lora.LoraState;
import instructvideo.optim.LearningRate;
import instructvideo.optim.OuterOptimizer;
import instructvideo.spark.LocalSteps;
import instructvideo.spark.ModuleAverage;
import instructvideo.spark.SamplesTable;
import instructvideo.spark.Slot;
import instructvideo.spark.SparkMetrics;
import instructvideo.spark.TrainRound;
import instructvideo.spark.TrainSetup;
import instructvideo.train.RoundsConfig;
import instructvideo.train.TrainState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rounds of a training run (section 2 of the specification; local SGD, arXiv 1805.09767): every
 * round the workers start from the same weights, make their local steps, and are averaged; the
 * outer optimizer makes the next weights of it; a checkpoint is committed.
 */
public final class TrainingRun {

  private final SparkSession spark;
  private final Dataset<Row> table;
  private final TrainSetup setup;
  private final RoundPlan plan;
  private final RunDirectory directory;
  private final RunMetrics metrics;
  private final OuterOptimizer outer;
  private final RoundConsole console;
  private final Optional<Guard> guard;
  private final RunTracking tracking;
  private final LocalSteps steps;

  /**
   * A run over a table.
   *
   * @param table the samples, see {@link SamplesTable}
   * @param positions of all samples, ascending
   * @param guard looks at held-out prompts, may end the run
   */
  public TrainingRun(
      SparkSession spark,
      Dataset<Row> table,
      long[] positions,
      TrainSetup setup,
      RunDirectory directory,
      Optional<Guard> guard,
      RunTracking tracking)
      throws IOException {
    this(spark, table, positions, setup, directory, guard, tracking, LocalSteps.TRAINING);
  }

  /** One whose workers do something else in place of training: bench rounds. */
  TrainingRun(
      SparkSession spark,
      Dataset<Row> table,
      long[] positions,
      TrainSetup setup,
      RunDirectory directory,
      Optional<Guard> guard,
      RunTracking tracking,
      LocalSteps steps)
      throws IOException {
    this.spark = spark;
    this.steps = steps;
    this.table = SamplesTable.trainingColumns(table);
    this.setup = setup;
    this.directory = directory;
    this.tracking = tracking;
    plan = new RoundPlan(setup.seed(), setup.rounds(), positions);
    metrics = new RunMetrics(spark, directory.metrics(), directory.files());
    outer = outer(setup.rounds());
    console = new RoundConsole(setup.rounds());
    this.guard = guard;
  }

  /** Runs the rounds that are missing, or until the guard says stop; returns the last state. */
  public TrainState run(TrainState begin) throws IOException {
    TrainState state = begin;
    metrics.removeAfter(state.round());
    console.begin(state);
    if (guard.isPresent() && begin.round() == 0) {
      commit(begin); // the best checkpoint may be the model alone
    }

    tracking.begin(begin.round(), () -> metrics.tracked(begin.round()));
    while (mayGoOn(state)) {
      state = round(state);
    }

    guard.ifPresent(Guard::finish);
    return state;
  }

  /**
   * Looks at the held-out prompts if it is time; a look that a kill has prevented is made up for.
   */
  private boolean mayGoOn(TrainState state) throws IOException {
    int rounds = setup.rounds().rounds();
    if (guard.isPresent()) {
      describe(state.round(), "held-out prompts");
      Optional<Look> look = guard.get().look(state.round(), rounds, state.lora());
      look.ifPresent(console::look);
      look.ifPresent(seen -> TrackedLook.tell(tracking, seen, guard.get().videos()));
    }

    boolean isStopped = guard.flatMap(Guard::stopReason).isPresent();
    return state.round() < rounds && !isStopped;
  }

  private TrainState round(TrainState state) throws IOException {
    long start = System.nanoTime();
    int round = state.round() + 1;
    String description =
        "round %d/%d: local steps and averaging".formatted(round, setup.rounds().rounds());
    spark.sparkContext().setJobGroup("round-" + round, description, false);
    Map<Long, List<Slot>> slots = plan.slots(state.position());
    TrainRound.Averages averages =
        TrainRound.run(
            JavaSparkContext.fromSparkContext(spark.sparkContext()),
            steps,
            table.filter(table.col("position").isInCollection(slots.keySet())),
            slots,
            setup,
            state);
    if (averages.metrics().samples() == 0) {
      throw InvalidInputException.of(
          "Cannot train: the loss of all %d samples of round %d is no number; look at the model,"
              + " the reward and the prepared latents, or lower optimizer.lr",
          averages.metrics().skipped(), round);
    }

    TrainState next = next(state, averages.modules());
    RunMetrics.Row row = row(next, averages, (System.nanoTime() - start) / 1e9);
    SparkMetrics.get().round(row.round(), row.sums(), row.secondsTotal(), row.secondsAverage());
    directory.checkClaim();
    describe(round, "metrics");
    metrics.write(row);
    commit(next);
    tracking.round(row.round(), row.tracked());
    console.round(row); // last: a round that was told of is one that stays
    return next;
  }

  /** What Spark's pages and event log call the jobs that follow. */
  private void describe(int round, String phase) {
    spark
        .sparkContext()
        .setJobDescription("round %d/%d: %s".formatted(round, setup.rounds().rounds(), phase));
  }

  private void commit(TrainState state) throws IOException {
    directory.commit(new Checkpoint(state, setup.lora(), setup.seed()), setup.rounds().keep());
  }

  private TrainState next(TrainState state, SortedMap<String, ModuleAverage> modules) {
    SortedMap<String, float[]> weights = new TreeMap<>();
    SortedMap<String, float[]> expAvg = new TreeMap<>();
    SortedMap<String, float[]> expAvgSq = new TreeMap<>();
    modules.forEach(
        (module, average) -> {
          put(module, average.arrays().subList(0, 2), weights);
          if (average.arrays().size() > 2) {
            put(module, average.arrays().subList(2, 4), expAvg);
            put(module, average.arrays().subList(4, 6), expAvgSq);
          }
        });
    OuterOptimizer.Result result =
        outer.step(state.lora().weights(), weights, state.outerMomentum());
    LoraState lora = state.lora().with(result.weights());
    return new TrainState(
        lora,
        expAvg,
        expAvgSq,
        result.momentum(),
        state.step() + setup.rounds().localSteps(),
        state.round() + 1,
        state.position() + setup.rounds().samplesPerRound());
  }

  private RunMetrics.Row row(TrainState state, TrainRound.Averages averages, double seconds) {
    double gap = 0;
    double norm = 0;
    for (ModuleAverage average : averages.modules().values()) {
      gap += average.gapSquare();
      norm += average.normSquare();
    }

    double inWorkers =
        averages.metrics().seconds().values().stream().mapToDouble(Double::doubleValue).sum();
    double lr =
        new LearningRate(setup.optimizer(), setup.rounds().totalSteps()).at(state.step() - 1);
    return new RunMetrics.Row(
        state.round(),
        state.step(),
        lr,
        averages.metrics(),
        norm == 0 ? 0 : Math.sqrt(gap / norm),
        seconds,
        Math.max(0, seconds - inWorkers));
  }

  private static void put(String module, List<float[]> pair, SortedMap<String, float[]> values) {
    values.put(LoraNames.loraA(module), pair.get(0));
    values.put(LoraNames.loraB(module), pair.get(1));
  }

  private static OuterOptimizer outer(RoundsConfig rounds) {
    return switch (rounds.outer()) {
      case AVERAGE -> new OuterOptimizer.Average();
      case NESTEROV -> new OuterOptimizer.Nesterov(rounds.outerLr(), rounds.outerMomentum());
    };
  }
}
