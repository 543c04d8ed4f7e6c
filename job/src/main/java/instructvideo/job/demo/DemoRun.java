package instructvideo.job.demo;

import instructvideo.format.Floats;
import instructvideo.job.Durations;
import instructvideo.job.SparkSessions;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.job.prepare.PrepareCommand;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.train.TrainCommand;
import instructvideo.lora.LoraState;
import instructvideo.video.VideoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** The demo's stages, one after the other; what was done before is not done again. */
final class DemoRun {

  private static final int STAGES = 6;

  private final DemoFiles files;
  private final DemoSettings demo;
  private final Settings settings;
  private final RunConfig config;
  private final Stages stages;
  private final HeldOutVideos videos;

  DemoRun(DemoFiles files, DemoSettings demo) throws IOException {
    this.files = files;
    this.demo = demo;
    settings = demo.load(Map.of());
    config = settings.run();
    stages = new Stages(files.root().resolve("seconds.json"), STAGES);
    videos = new HeldOutVideos(files, config);
  }

  /** Runs every stage and prints the result. */
  void run() throws Exception {
    String inputs = "models, %d clips and their captions in %s";
    stages.run(
        "Files", inputs.formatted(config.demo().clips(), files.root()), 0, this::writeInputs);
    String what = "%d videos of held-out captions from the base model".formatted(videos.count());
    Evaluation before = stages.run("Before", what, 0, () -> evaluate("before", Optional.empty()));
    Forecast forecast = new Forecast(config, before, roundsDone());
    prepareAndTrain(forecast);
    LoraState adapter = adapter();
    Evaluation after =
        stages.run(
            "After",
            "the same captions and noise, with the adapter",
            forecast.beforeAfter(),
            () -> evaluate("after", Optional.of(adapter)));
    PairedGain gain = PairedGain.of(before.videos(), after.videos(), Evaluation.Video::reward);
    DemoPage.Results results = new DemoPage.Results(before, after, gain);
    stages.run("Page", files.page().toString(), 0, () -> writePage(results));
    print(gain);
  }

  private Void writeInputs() throws IOException, VideoException {
    files.writeModels();
    files.writeClips(config);
    return null;
  }

  private void prepareAndTrain(Forecast forecast) throws Exception {
    stages.run(
        "Prepare",
        "latents, embeddings and text features of the clips",
        forecast.beforePrepare(),
        () -> new PrepareCommand().run(demo.prepare(files)));
    String rounds = "%d rounds of %d workers, on Spark";
    stages.run(
        "Train",
        rounds.formatted(config.train().rounds(), config.train().workers()),
        forecast.beforeTrain(),
        () -> new TrainCommand().run(demo.train(files)));
  }

  private Evaluation evaluate(String name, Optional<LoraState> adapter) throws IOException {
    Path file = files.evaluation(name);
    String key = key(adapter);
    Optional<Evaluation> done = Evaluation.read(file, key);
    if (done.isPresent()) {
      System.err.printf("      done before: %s%n", file);
      return done.get();
    }
    long start = System.nanoTime();
    List<Evaluation.Video> made = videos.generate(adapter);
    Evaluation evaluation = new Evaluation(key, made, (System.nanoTime() - start) / 1e9);
    evaluation.write(file);
    return evaluation;
  }

  /** The number of the newest round that an earlier start finished; 0 if none. */
  private int roundsDone() throws IOException {
    List<Integer> newestFirst = new RunDirectory(files.run().toString()).committedRounds();
    return newestFirst.isEmpty() ? 0 : newestFirst.get(0);
  }

  private LoraState adapter() throws IOException {
    return new RunDirectory(files.run().toString())
        .latest()
        .map(Checkpoint::state)
        .orElseThrow(() -> new IOException("no checkpoint in " + files.run()))
        .lora();
  }

  private Void writePage(DemoPage.Results results) throws IOException, VideoException {
    DemoPage page = new DemoPage(files, settings, stages.seconds());
    String html = page.html(results, curve());
    DemoFiles.write(files.page(), html.getBytes(StandardCharsets.UTF_8));
    DemoFiles.write(files.picture(), BeforeAfterPicture.png(results));
    return null;
  }

  private List<RewardCurve.Point> curve() {
    try (SparkSession spark = SparkSessions.open(settings, "demo")) {
      return RewardCurve.read(spark, files.run().resolve("metrics").toString());
    }
  }

  private void print(PairedGain gain) {
    System.out.printf(
        Locale.ROOT,
        "Reward on %d held-out videos: %s before, %s after; paired gain %s; %d of %d better.%n",
        gain.videos(),
        gain.before(),
        gain.after(),
        gain.gain(),
        gain.better(),
        gain.videos());
    System.out.printf(
        "Demo done in %s: %s%n",
        Durations.text(stages.elapsed()), files.page().toAbsolutePath().normalize());
  }

  /** Tells the videos of these settings and this adapter from all others. */
  private String key(Optional<LoraState> adapter) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(demo.conf().getBytes(StandardCharsets.UTF_8));
      adapter.ifPresent(
          lora -> lora.weights().forEach((name, values) -> update(digest, name, values)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, String name, float[] values) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update(Floats.toBytes(values));
  }
}
