package instructvideo.job.score;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.RunConfig.ScoreConfig;
import instructvideo.job.config.Settings;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.spark.RewardFiles;
import instructvideo.spark.ScoreRows.RewardIds;
import instructvideo.spark.ScoreSetup;
import instructvideo.video.FrameChoice;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What score is given, checked before anything is written.
 *
 * @param out URI of the table
 * @param ids of each reward and sum
 */
record ScoreInputs(
    String out, ScoreConfig config, ScoreSetup setup, TreeMap<String, RewardIds> ids) {

  /** What can be said without Spark, which takes seconds to start. */
  static void checkBeforeSpark(Settings settings) {
    settings.required("out", "--out");
    ScoreConfig score = settings.run().score();
    if (score.videos().isEmpty() && score.prompts().isEmpty()) {
      throw InvalidInputException.of(
          "Missing --videos: give a folder, a glob, a manifest (.csv, .jsonl, Parquet) or a table");
    }

    if (settings.run().reward().checkpoints().isEmpty()) {
      throw InvalidInputException.of(
          "Missing --reward: give one or several, as NAME=PATH, such as"
              + " hpsv2=HPS_v2_compressed.pt");
    }
  }

  static ScoreInputs of(Settings settings) throws IOException {
    RunConfig run = settings.run();
    ScoreSetup setup = setup(run, run.reward());
    TreeMap<String, RewardIds> ids = new TreeMap<>();
    Map<String, String> weights = RewardFiles.ids(run.reward());
    for (String name : run.reward().checkpoints().keySet()) {
      ids.put(name, new RewardIds(weights.get(name), setup.settingsId(name)));
    }

    for (RewardSum sum : run.reward().rewardSums()) {
      ids.put(sum.name(), new RewardIds(weights.get(sum.name()), setup.settingsId(sum)));
    }

    return new ScoreInputs(run.out(), run.score(), setup, ids);
  }

  static ScoreSetup setup(RunConfig run, RewardConfig reward) {
    ScoreConfig score = run.score();
    return new ScoreSetup(
        reward,
        score.interpolation(),
        run.precision(),
        frames(run),
        score.batch(),
        run.threads(),
        score.decodeThreads(),
        score.decodeTimeout());
  }

  private static FrameChoice frames(RunConfig run) {
    int segments = run.reward().segments();
    return switch (run.score().frameChoice()) {
      case MIDDLE -> new FrameChoice.Middle(segments);
      case FIRST -> new FrameChoice.First(segments);
      case RANDOM -> new FrameChoice.Random(segments, run.seed());
      case EVERY -> new FrameChoice.Every(run.score().every());
      case ALL -> new FrameChoice.Every(1);
    };
  }
}
