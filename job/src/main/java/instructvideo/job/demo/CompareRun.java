package instructvideo.job.demo;

import com.google.gson.GsonBuilder;
import instructvideo.job.Durations;
import instructvideo.job.SparkSessions;
import instructvideo.job.config.Settings;
import instructvideo.job.evaluate.EvaluateCommand;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.prepare.PrepareCommand;
import instructvideo.job.train.TrainCommand;
import instructvideo.video.VideoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * Variants of the demo's training, each with several seeds, judged on captions that none has seen;
 * what was done before is not done again.
 */
final class CompareRun {

  private final Path root;
  private final Settings given;
  private final Map<String, Map<String, String>> variants;
  private final List<Outcome> outcomes = new ArrayList<>();

  /**
   * A comparison.
   *
   * @param out directory of this machine, with one below it for each seed
   * @param given by the user; demo.variants has at least one
   */
  CompareRun(String out, Settings given) {
    root = Path.of(out);
    this.given = given;
    variants = variants(given.run().demo().variants());
  }

  /**
   * What a variant came to with one seed; all but the seconds are means over videos.
   *
   * @param reward gain of the reward that was trained on
   * @param heldOut gain of the reward that was not
   * @param error change of the error to the clean clip
   * @param shape change of the share of frames with the right shape, as colour
   * @param motion change of the share of videos with the right motion
   * @param seconds of all rounds
   */
  record Outcome(
      String variant,
      long seed,
      double reward,
      double heldOut,
      double error,
      double shape,
      double colour,
      double motion,
      double seconds) {}

  /** By the first part of each key: the settings that differ, by their keys. */
  static Map<String, Map<String, String>> variants(Map<String, String> settings) {
    Map<String, Map<String, String>> variants = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          String[] parts = key.split("\\.", 2);
          String setting = parts.length == 2 ? parts[1] : "";
          variants.computeIfAbsent(parts[0], name -> new TreeMap<>()).put(setting, value);
        });
    return variants;
  }

  /** Runs everything and prints the table. */
  void run() throws Exception {
    for (int seed : given.run().demo().seeds()) {
      run(seed);
    }
    String json = new GsonBuilder().setPrettyPrinting().create().toJson(outcomes);
    DemoFiles.write(root.resolve("compare.json"), json.getBytes(StandardCharsets.UTF_8));
    System.out.print(CompareTable.text(outcomes));
  }

  private void run(int seed) throws Exception {
    DemoFiles files = DemoFiles.of(root.resolve("seed-" + seed).toString());
    DemoSettings demo = DemoSettings.of(files, given, seed);
    files.claim(demo.conf());
    files.writeInputs(demo.load(Map.of()).run());
    new PrepareCommand().run(demo.prepare(files));
    Stages stages = new Stages(files.root().resolve("seconds.json"), variants.size());
    Map<String, Path> runs = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, String>> variant : variants.entrySet()) {
      Path run = files.run(variant.getKey());
      Settings settings = demo.train(files, run, variant.getValue());
      String what = "seed %d, %s".formatted(seed, variant.getValue());
      stages.run(variant.getKey(), what, () -> new TrainCommand().run(settings));
      runs.put(variant.getKey(), run);
    }
    new EvaluateCommand().run(demo.evaluate(files, runs));
    judge(files, demo, seed, stages.seconds());
    System.err.printf("Seed %d done in %s.%n", seed, Durations.text(stages.elapsed()));
  }

  private void judge(DemoFiles files, DemoSettings demo, long seed, Map<String, Double> seconds)
      throws IOException, VideoException {
    EvaluationSummary summary = EvaluationSummary.read(files.evaluation().toString());
    try (SparkSession spark = SparkSessions.open(demo.load(Map.of()), "demo")) {
      WorldTruth truth = WorldTruth.of(spark, files.evaluation().resolve("table").toString());
      truth.write(files.truth());
      for (String variant : variants.keySet()) {
        outcomes.add(outcome(variant, seed, summary, truth, seconds.get(variant)));
      }
    }
  }

  private static Outcome outcome(
      String variant, long seed, EvaluationSummary summary, WorldTruth truth, double seconds) {
    return new Outcome(
        variant,
        seed,
        gain(summary, variant, DemoSettings.REWARD),
        gain(summary, variant, DemoSettings.HELD_OUT),
        truth.change(variant, WorldMeasures::errorToClean),
        truth.change(variant, WorldMeasures::shapeRight),
        truth.change(variant, WorldMeasures::colourRight),
        truth.change(variant, WorldMeasures::motionRight),
        seconds);
  }

  private static double gain(EvaluationSummary summary, String adapter, String metric) {
    return summary.comparisons().stream()
        .filter(c -> c.adapter().equals(adapter) && c.metric().equals(metric))
        .map(Comparison::difference)
        .findFirst()
        .orElseThrow()
        .mean();
  }
}
