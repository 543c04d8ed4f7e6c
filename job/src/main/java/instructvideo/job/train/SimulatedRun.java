package instructvideo.job.train;

import instructvideo.job.Storage;
import instructvideo.job.config.RunConfig;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.tracking.RunTracking;
import instructvideo.job.tracking.TrackedRun;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraState;
import instructvideo.reward.RewardSum;
import instructvideo.spark.SamplesTable;
import instructvideo.spark.SimulatedSteps;
import instructvideo.spark.TrainSetup;
import instructvideo.train.RoundsConfig;
import instructvideo.train.TrainState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;

/**
 * Training rounds as they are, but with workers that sleep: the driver's loop, shuffles, averages,
 * metrics and checkpoints are those of train.
 */
final class SimulatedRun {

  /** Linear layers of the 3D UNet of zeroscope that LoRA changes, and the width of most. */
  private static final int MODULES = 264;

  private static final int WIDTH = 640;
  private static final int STATES = 3; // weights and AdamW's two moments
  private static final int LATENTS = 4 * 16 * 32 * 32 * Float.BYTES; // of 16 frames of 256 x 256
  private static final int EMBEDS = 77 * 1024 * Float.BYTES;
  private static final String REWARD = "simulated";

  private final SparkSession spark;
  private final RunConfig config;
  private final int partitions;
  private final String out;
  private final LoraState begin;

  SimulatedRun(SparkSession spark, RunConfig config, int partitions, String out) {
    this.spark = spark;
    this.config = config;
    this.partitions = partitions;
    this.out = out;
    double perRank = 2.0 * MODULES * WIDTH * STATES * Float.BYTES;
    int rank = (int) Math.max(1, Math.round(config.bench().stateMb() * 1e6 / perRank));
    LoraConfig lora = new LoraConfig(rank, rank, List.of("to_q"));
    SortedMap<String, long[]> layers = new TreeMap<>();
    IntStream.range(0, MODULES)
        .forEach(
            i -> layers.put("module.%03d.to_q.weight".formatted(i), new long[] {WIDTH, WIDTH}));
    begin = LoraState.init(lora, layers, config.seed());
  }

  /** Bytes of weights and moments. */
  long stateBytes() {
    return begin.weights().values().stream().mapToLong(values -> values.length).sum()
        * Float.BYTES
        * STATES;
  }

  /** Runs some rounds; what they wrote is removed afterwards by {@link #remove}. */
  void run(int rounds) throws IOException {
    TrainSetup setup = setup(rounds);
    long samples = setup.rounds().samplesPerRound();
    RunTracking none =
        RunTracking.open(
            config.tracking(), new TrackedRun(out, new TreeMap<>(), new TreeMap<>(), ""));
    try (none) {
      new TrainingRun(
              spark,
              table(samples),
              LongStream.range(0, samples).toArray(),
              setup,
              new RunDirectory(out),
              Optional.empty(),
              none,
              new SimulatedSteps(config.bench().stepSeconds()))
          .run(TrainState.begin(begin));
    }
  }

  /** Bytes of the files of one checkpoint. */
  long checkpointBytes() throws IOException {
    Path checkpoints = new Path(out, "checkpoints");
    FileSystem files = Storage.fileSystem(checkpoints);
    List<String> names = Storage.list(checkpoints);
    Path last = new Path(checkpoints, names.get(names.size() - 1));
    return files.getContentSummary(last).getLength();
  }

  void remove() throws IOException {
    for (String name : List.of("checkpoints", "metrics")) {
      Path path = new Path(out, name);
      Storage.fileSystem(path).delete(path, true);
    }
  }

  private TrainSetup setup(int rounds) {
    RoundsConfig given = config.train();
    RoundsConfig simulated =
        new RoundsConfig(
            rounds,
            given.localSteps(),
            partitions,
            1,
            1,
            given.outer(),
            given.outerLr(),
            given.outerMomentum(),
            1,
            RoundsConfig.Method.INSTRUCTVIDEO,
            given.rwr(),
            given.ddpo());
    return new TrainSetup(
        "simulated",
        "",
        RewardSum.of(REWARD),
        config.reward(),
        config.precision(),
        config.sampler(),
        new LoraConfig((int) begin.shapes().values().iterator().next()[0], 1, List.of("to_q")),
        config.optimizer(),
        simulated,
        config.seed(),
        begin.shapes(),
        new float[EMBEDS / Float.BYTES],
        77,
        1);
  }

  /** Rows of the size that 16 frames of 256 x 256 have in zeroscope's latents. */
  private Dataset<Row> table(long samples) {
    Function<Long, Row> row =
        position ->
            RowFactory.create(
                position,
                "p" + position,
                "a prompt",
                SamplesTable.VIDEO,
                null,
                noise(LATENTS, position),
                new Integer[] {4, 16, 32, 32},
                noise(EMBEDS, position),
                JavaConverters.mapAsScalaMapConverter(
                        Map.of(REWARD, noise(1024 * Float.BYTES, position)))
                    .asScala());
    JavaRDD<Row> rows = spark.range(0, samples, 1, Math.min(partitions, 64)).javaRDD().map(row);
    return spark.createDataFrame(rows, SamplesTable.SCHEMA);
  }

  private static byte[] noise(int bytes, long seed) {
    byte[] noise = new byte[bytes];
    new java.util.Random(seed).nextBytes(noise); // only its size counts
    return noise;
  }
}
