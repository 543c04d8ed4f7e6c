package instructvideo.job.train;

import com.google.gson.JsonObject;
import instructvideo.job.Command;
import instructvideo.job.Outputs;
import instructvideo.job.SparkSessions;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;

/** Times what rounds cost besides training: averages, checkpoints and the driver's own work. */
public final class BenchRoundsCommand implements Command {

  @Override
  public String name() {
    return "bench rounds";
  }

  @Override
  public String summary() {
    return "Times rounds whose workers sleep in place of training: one JSON line a number of"
        + " partitions with overhead per round, bytes moved and the driver's memory.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo bench rounds --partitions 8,16,32 --state-mb 40",
        "instructvideo bench rounds --master \"local-cluster[4,1,1536]\" --step-seconds 5",
        "spark-submit --class instructvideo.job.Main instructvideo.jar bench rounds \\",
        "    --partitions 64 --local-steps 4 --step-seconds 12 --out s3a://bucket/bench");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--partitions",
        "--state-mb",
        "--step-seconds",
        "--local-steps",
        "--steps",
        "--out",
        "--seed",
        "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    RunConfig config = settings.run();
    if (!config.out().isEmpty()) {
      Outputs.checkEmpty(config.out()); // what the rounds write there is removed afterwards
    }

    try (SparkSession spark = SparkSessions.open(settings, name())) {
      if (!config.out().isEmpty()) {
        measure(spark, config, config.out());
        return 0;
      }

      java.nio.file.Path folder = Files.createTempDirectory("instructvideo-rounds");
      try {
        measure(spark, config, folder.toString());
      } finally {
        FileUtil.fullyDelete(folder.toFile());
      }
    }

    return 0;
  }

  private static void measure(SparkSession spark, RunConfig config, String out) throws IOException {
    List<JsonObject> lines = new ArrayList<>();
    for (int partitions : config.bench().partitionCounts()) {
      SimulatedRun run = new SimulatedRun(spark, config, partitions, out);
      try {
        if (lines.isEmpty()) {
          run.run(1); // starts executors, compiles Java
          run.remove();
        }

        lines.add(line(spark, config, run, partitions));
      } finally {
        run.remove();
      }

      System.out.println(lines.get(lines.size() - 1));
    }
  }

  private static JsonObject line(
      SparkSession spark, RunConfig config, SimulatedRun run, int partitions) throws IOException {
    int rounds = config.bench().steps();
    RoundTraffic traffic = new RoundTraffic();
    spark.sparkContext().addSparkListener(traffic);
    HeapPeak.reset();
    long start = System.nanoTime();
    run.run(rounds);
    double seconds = (System.nanoTime() - start) / 1e9 / rounds;
    long peak = HeapPeak.peak();
    spark.sparkContext().removeSparkListener(traffic);
    int slots = spark.sparkContext().defaultParallelism();
    int waves = (partitions + slots - 1) / slots;
    double simulated = waves * config.train().localSteps() * config.bench().stepSeconds();
    RoundTraffic.Sums sums = traffic.sums();
    JsonObject line = new JsonObject();
    line.addProperty("partitions", partitions);
    line.addProperty("slots", slots);
    line.addProperty("state_mb", megabytes(run.stateBytes(), 1));
    line.addProperty("round_s", rounded(seconds));
    line.addProperty("simulated_s", rounded(simulated));
    line.addProperty("overhead_s", rounded(seconds - simulated));
    line.addProperty(
        "task_s",
        rounded(
            sums.seconds() / rounds
                - partitions * config.train().localSteps() * config.bench().stepSeconds()));
    line.addProperty("tasks", sums.tasks() / rounds);
    line.addProperty("shuffle_write_mb", megabytes(sums.shuffleWritten(), rounds));
    line.addProperty("shuffle_read_mb", megabytes(sums.shuffleRead(), rounds));
    line.addProperty("to_driver_mb", megabytes(sums.results(), rounds));
    line.addProperty("checkpoint_mb", megabytes(run.checkpointBytes(), 1));
    line.addProperty("driver_peak_heap_mb", megabytes(peak, 1));
    line.addProperty("driver_live_heap_mb", megabytes(HeapPeak.live(), 1));
    line.addProperty("master", spark.sparkContext().master().toLowerCase(Locale.ROOT));
    return line;
  }

  private static double megabytes(long bytes, int rounds) {
    return Math.round(bytes / 1e5 / rounds) / 10.0;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
