package instructvideo.job.train;

import instructvideo.error.InvalidInputException;
import instructvideo.job.ModelFiles;
import instructvideo.job.config.GuardConfig;
import instructvideo.job.config.RunConfig;
import instructvideo.job.evaluate.EvaluationRewards;
import instructvideo.job.evaluate.EvaluationSet;
import instructvideo.job.evaluate.EvaluationSpec;
import instructvideo.job.evaluate.Evaluator;
import instructvideo.job.evaluate.TrainedRewards;
import instructvideo.job.guard.Guard;
import instructvideo.job.guard.RunLooker;
import instructvideo.job.prepare.PromptFiles;
import instructvideo.job.run.RunDirectory;
import instructvideo.prompt.PromptList;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.spark.GenerateSetup;
import instructvideo.spark.PrepareManifest;
import instructvideo.video.VideoConfig;
import instructvideo.video.VideoFormat;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * The guard of a run as its settings have it; opened before Spark starts, so that what is wrong is
 * said at once.
 *
 * @param video shape of the videos, the prepared table's
 * @param trained name of the reward or sum that is trained on
 */
record TrainGuard(RunConfig config, VideoConfig video, String trained, EvaluationRewards rewards) {

  /** The name of the held-out prompts in what is written. */
  private static final String SET = "held-out";

  /**
   * Opens the rewards.
   *
   * @return empty if no prompts are given
   * @throws InvalidInputException if a reward is missing, damaged, or what is trained on
   */
  static Optional<TrainGuard> of(RunConfig config, PrepareManifest manifest, RewardSum target)
      throws IOException {
    if (config.guard().evalPrompts().isEmpty()) {
      return Optional.empty();
    }

    RewardConfig all = rewards(config);
    Map<String, Boolean> trained = TrainedRewards.named(all, target.name());
    for (Map.Entry<String, String> heldOut : config.guard().rewards().entrySet()) {
      if (trained.get(heldOut.getKey())) {
        throw InvalidInputException.of(
            "Invalid --guard-reward: %s=%s has the weights that are trained on; give another reward",
            heldOut.getKey(), heldOut.getValue());
      }
    }

    EvaluationRewards rewards =
        EvaluationRewards.of(all, trained, config.precision(), config.threads());
    return Optional.of(new TrainGuard(config, video(manifest), target.name(), rewards));
  }

  /** The guard, which begins with a look at the model alone unless it was made before. */
  Guard start(SparkSession spark, RunDirectory directory, int round) throws IOException {
    GuardConfig guard = config.guard();
    PromptList prompts = PromptFiles.read(guard.evalPrompts(), spark);
    prompts.notices().forEach(notice -> System.err.println("note: " + notice));
    EvaluationSpec spec =
        new EvaluationSpec(
            List.of(new EvaluationSet(SET, prompts.prompts())),
            List.of(guard.ddimSteps()),
            guard.videosPerPrompt(),
            rewards,
            config.seed(),
            config.evaluate().resamples(),
            config.evaluate().confidence(),
            config.evaluate().extremes());
    RunLooker looker =
        new RunLooker(
            directory.root(), new Evaluator(spark, spec), setup(), config.lora(), settings());
    List<String> heldOut = List.copyOf(new TreeMap<>(guard.rewards()).keySet());
    return new Guard(directory.root(), guard, trained, heldOut, round, looker);
  }

  private GenerateSetup setup() throws IOException {
    return new GenerateSetup(
        config.model(),
        ModelFiles.modelId(config.model()),
        config.precision(),
        video,
        config.sampler(),
        config.seed(),
        new TreeMap<>(),
        false,
        VideoFormat.MP4,
        config.threads());
  }

  private SortedMap<String, String> settings() {
    GuardConfig guard = config.guard();
    return new TreeMap<>(
        Map.of(
            "guard.eval-prompts", guard.evalPrompts(),
            "guard.videos-per-prompt", String.valueOf(guard.videosPerPrompt()),
            "guard.ddim-steps", String.valueOf(guard.ddimSteps()),
            "reward.segments", String.valueOf(config.reward().segments()),
            "sampler.guidance-scale", String.valueOf(config.sampler().guidanceScale()),
            "sampler.eta", String.valueOf(config.sampler().eta()),
            "seed", String.valueOf(config.seed())));
  }

  /** Those that are trained on, and those that are not. */
  private static RewardConfig rewards(RunConfig config) {
    RewardConfig trained = config.reward();
    Map<String, String> checkpoints = new TreeMap<>(trained.checkpoints());
    config
        .guard()
        .rewards()
        .forEach(
            (name, uri) -> {
              if (checkpoints.put(name, uri) != null || trained.sums().containsKey(name)) {
                throw InvalidInputException.of(
                    "Invalid --guard-reward: %s=%s; --reward has that name, give it another",
                    name, uri);
              }
            });
    return new RewardConfig(
        checkpoints,
        trained.heads(),
        trained.fit(),
        trained.sums(),
        trained.config(),
        trained.segments(),
        trained.lambdaTar(),
        trained.interpolation());
  }

  private static VideoConfig video(PrepareManifest manifest) {
    Map<String, String> table = manifest.settings();
    return new VideoConfig(
        Integer.parseInt(table.get("video.frames")),
        Integer.parseInt(table.get("video.height")),
        Integer.parseInt(table.get("video.width")),
        Double.parseDouble(table.get("video.fps")));
  }
}
