package instructvideo.job.demo;

import instructvideo.job.Durations;
import instructvideo.job.SparkSessions;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.job.evaluate.EvaluateCommand;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.prepare.PrepareCommand;
import instructvideo.job.train.TrainCommand;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The demo's stages, one after the other; what was done before is not done again. */
final class DemoRun {

  private static final int STAGES = 5;

  private final DemoFiles files;
  private final DemoSettings demo;
  private final Settings settings;
  private final RunConfig config;
  private final Stages stages;

  DemoRun(DemoFiles files, DemoSettings demo) throws IOException {
    this.files = files;
    this.demo = demo;
    settings = demo.load(Map.of());
    config = settings.run();
    stages = new Stages(files.root().resolve("seconds.json"), STAGES);
  }

  /** Runs every stage and prints the result. */
  void run() throws Exception {
    int clips = config.demo().clips();
    String inputs = "models, %d clips and their captions in %s".formatted(clips, files.root());
    stages.run("Files", inputs, () -> files.writeInputs(config));
    stages.run(
        "Prepare",
        "latents, embeddings and text features of the clips",
        () -> new PrepareCommand().run(demo.prepare(files)));
    String rounds = "%d rounds of %d workers, on Spark";
    stages.run(
        "Train",
        rounds.formatted(config.train().rounds(), config.train().workers()),
        () -> new TrainCommand().run(demo.train(files, files.run(), Map.of())));
    String videos = "%d held-out captions, %d videos of each, without and with the adapter";
    stages.run(
        "Evaluate",
        videos.formatted(config.demo().captions(), config.demo().copies()),
        () ->
            new EvaluateCommand()
                .run(demo.evaluate(files, Map.of(DemoSettings.ADAPTER, files.run()))));
    WorldTruth truth = stages.run("Page", files.page().toString(), this::writePage);
    print(truth);
  }

  private WorldTruth writePage() throws IOException, VideoException {
    try (SparkSession spark = SparkSessions.open(settings, "demo")) {
      WorldTruth truth = WorldTruth.of(spark, files.evaluation().resolve("table").toString());
      truth.write(files.truth());
      DemoFiles.write(files.picture(), picture(truth));
      DemoPage.write(spark, files, truth);
      return truth;
    }
  }

  /** The first video of each caption. */
  private static byte[] picture(WorldTruth truth) throws IOException, VideoException {
    return BeforeAfterPicture.png(
        firsts(truth.of(EvaluationSummary.BASE)), firsts(truth.of(DemoSettings.ADAPTER)));
  }

  private static List<List<RgbFrame>> firsts(List<WorldTruth.Video> videos)
      throws IOException, VideoException {
    List<List<RgbFrame>> clips = new ArrayList<>();
    for (WorldTruth.Video video : videos) {
      if (video.copy() == 0) {
        clips.add(WorldTruth.frames(video.uri()));
      }
    }
    return clips;
  }

  private void print(WorldTruth truth) {
    int all = truth.of(DemoSettings.ADAPTER).size();
    System.out.printf(
        Locale.ROOT,
        "Nearer to the clean clip: %d of %d videos; error %.3f before, %.3f after.%n",
        truth.nearer(EvaluationSummary.BASE, DemoSettings.ADAPTER),
        all,
        truth.mean(EvaluationSummary.BASE, WorldMeasures::errorToClean),
        truth.mean(DemoSettings.ADAPTER, WorldMeasures::errorToClean));
    System.out.printf(
        "Demo done in %s: %s%n",
        Durations.text(stages.elapsed()), files.page().toAbsolutePath().normalize());
  }
}
