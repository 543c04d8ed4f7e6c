package instructvideo.job.score;

import com.google.gson.JsonObject;
import instructvideo.error.InvalidInputException;
import instructvideo.job.Command;
import instructvideo.job.ModelFiles;
import instructvideo.job.PeakMemory;
import instructvideo.job.Storage;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.RewardConfig;
import instructvideo.spark.ScoreClock;
import instructvideo.spark.ScoreClock.Stage;
import instructvideo.spark.ScoreItem;
import instructvideo.spark.ScoreSetup;
import instructvideo.spark.ScoreStream;
import instructvideo.spark.ScoredVideo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;

/** Times what an executor does to score videos. */
public final class BenchScoreCommand implements Command {

  private static final String PROMPT = "a dog";
  private static final int WARM_UP = 8;

  @Override
  public String name() {
    return "bench score";
  }

  @Override
  public String summary() {
    return "Times the scoring of videos as one executor does it: one JSON line with videos a second,"
        + " seconds by stage and the peak resident memory of the process.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo bench score --case cases/small --videos clips --threads 2",
        "instructvideo bench score --reward hpsv2=HPS_v2_compressed.pt --videos clips --count 1000");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--case",
        "--reward",
        "--head",
        "--fit",
        "--videos",
        "--count",
        "--prompt",
        "--frame-choice",
        "--segments",
        "--every",
        "--interpolation",
        "--batch",
        "--decode-threads",
        "--decode-timeout",
        "--precision",
        "--seed",
        "--threads");
  }

  @Override
  public int run(Settings settings) throws Exception {
    List<String> files = files(settings.required("score.videos", "--videos"));
    ScoreSetup setup = setup(settings);
    TorchEngine.startAlone(settings.run().threads());
    String given = settings.run().score().prompt();
    String prompt = given.isEmpty() ? PROMPT : given;
    List<String> first = files.subList(0, Math.min(WARM_UP, files.size()));
    score(setup, first, prompt, new ScoreClock()); // loads the models, compiles Java
    int count = settings.run().bench().count();
    List<String> all = new ArrayList<>(files);
    while (count > 0 && all.size() < count) {
      all.addAll(files);
    }

    List<String> timed = count == 0 ? all : all.subList(0, count);
    ScoreClock clock = new ScoreClock();
    long start = System.nanoTime();
    long frames = score(setup, timed, prompt, clock);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.println(line(timed.size(), frames, seconds, clock));
    ScoreStream.releaseModels();
    return 0;
  }

  private static JsonObject line(int videos, long frames, double seconds, ScoreClock clock)
      throws IOException {
    JsonObject line = new JsonObject();
    line.addProperty("videos", videos);
    line.addProperty("frames", frames);
    line.addProperty("threads", TorchEngine.threads());
    line.addProperty("videos_per_s", rounded(videos / seconds));
    line.addProperty("s_per_video", rounded(seconds / videos));
    for (Stage stage : List.of(Stage.READ, Stage.DECODE, Stage.PREPROCESS, Stage.MODEL)) {
      String name = stage.name().toLowerCase(Locale.ROOT) + "_s";
      line.addProperty(name, rounded(clock.nanos(stage) / 1e9));
    }

    line.addProperty("peak_rss_mb", PeakMemory.megabytes());
    return line;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }

  /** The rewards that are given, else that of the case. */
  private static ScoreSetup setup(Settings settings) {
    RunConfig run = settings.run();
    if (!run.reward().checkpoints().isEmpty()) {
      return ScoreInputs.setup(run, run.reward());
    }

    Path directory = ModelFiles.local(settings.required("verify.case-dir", "--case or --reward"));
    RewardConfig given = run.reward();
    RewardConfig ofCase =
        new RewardConfig(
            Map.of("hpsv2", directory.resolve("reward/HPS_v2.pt").toString()),
            Map.of(),
            Map.of(),
            Map.of(),
            directory.resolve("reward/config.json").toString(),
            given.segments(),
            given.lambdaTar(),
            given.interpolation());
    return ScoreInputs.setup(run, ofCase);
  }

  private static List<String> files(String uri) throws IOException {
    List<String> files = new ArrayList<>();
    for (FileStatus status : Storage.glob(uri)) {
      RemoteIterator<LocatedFileStatus> entries =
          Storage.fileSystem(status.getPath()).listFiles(status.getPath(), true);
      while (entries.hasNext()) {
        files.add(entries.next().getPath().toString());
      }
    }

    if (files.isEmpty()) {
      throw InvalidInputException.of("Cannot read %s: no such file or directory", uri);
    }

    Collections.sort(files);
    return files;
  }

  /** Scores the videos; returns the number of frames. */
  private static long score(ScoreSetup setup, List<String> files, String prompt, ScoreClock clock)
      throws IOException {
    Set<String> rewards = setup.reward().checkpoints().keySet();
    List<ScoreItem> items = new ArrayList<>();
    for (String file : files) {
      items.add(new ScoreItem(file, prompt, file, null, null, null, rewards, null));
    }

    long frames = 0;
    try (ScoreStream stream = ScoreStream.of(setup, items.iterator(), clock)) {
      while (stream.hasNext()) {
        ScoredVideo scored = stream.next();
        if (scored.error() != null) {
          throw new IOException("Cannot score " + scored.item().video() + ": " + scored.error());
        }

        frames += scored.frameIndices().length;
      }
    }

    return frames;
  }
}
