package instructvideo.job.evaluate;

import instructvideo.job.evaluate.EvaluationSummary.Reward;
import instructvideo.nn.Precision;
import instructvideo.reward.Interpolation;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.UserRewards;
import instructvideo.spark.MeasureSetup;
import instructvideo.spark.ScoreSetup;
import instructvideo.video.FrameChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What scores the videos of an evaluation: the paper's protocol, the first frame of each segment,
 * resized as HPSv2's scorer does.
 *
 * @param setup for executors
 * @param rewards and sums, by name
 */
public record EvaluationRewards(MeasureSetup setup, List<Reward> rewards) {

  private static final double DECODE_TIMEOUT = 120; // seconds

  /**
   * Opens the rewards. The image features are those of the first CLIP model by name that was not
   * trained on, else of the first.
   *
   * @param trained whether a reward or sum was trained on, by its name; no entry if it is not known
   * @param threads of the models on a CPU, 0 for as many as cores
   * @throws instructvideo.error.InvalidInputException if a reward is missing, damaged or does not
   *     fit
   */
  public static EvaluationRewards of(
      RewardConfig config, Map<String, Boolean> trained, Precision precision, int threads)
      throws IOException {
    ScoreSetup score =
        new ScoreSetup(
            config,
            Interpolation.BICUBIC,
            precision,
            new FrameChoice.First(config.segments()),
            0,
            threads,
            1,
            DECODE_TIMEOUT);
    MeasureSetup setup = MeasureSetup.of(score, features(config, trained));
    List<Reward> rewards = new ArrayList<>();
    setup
        .ids()
        .forEach((name, id) -> rewards.add(new Reward(name, id.rewardId(), trained.get(name))));
    return new EvaluationRewards(setup, rewards);
  }

  private static String features(RewardConfig config, Map<String, Boolean> trained) {
    List<String> clips =
        config.checkpoints().keySet().stream()
            .filter(name -> UserRewards.find(name).isEmpty())
            .toList();
    Optional<String> heldOut =
        clips.stream().filter(name -> !trained.getOrDefault(name, true)).findFirst();
    return heldOut.orElse(clips.isEmpty() ? "" : clips.get(0));
  }
}
