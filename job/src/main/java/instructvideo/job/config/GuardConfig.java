package instructvideo.job.config;

import static instructvideo.job.config.Requirements.require;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How training is watched on held-out prompts.
 *
 * @param evalPrompts URI of a list, empty for no guard
 * @param evalEvery rounds between two looks
 * @param rewards URIs by name of rewards that are not trained on
 * @param ddimSteps of the videos of a look
 * @param maxRewardDrop share of the base's value by which a held-out reward may fall
 * @param maxMotionDrop share of the base's motion
 * @param maxDiversityDrop share of the base's diversity
 */
public record GuardConfig(
    String evalPrompts,
    int evalEvery,
    Mode mode,
    Map<String, String> rewards,
    int videosPerPrompt,
    int ddimSteps,
    double maxRewardDrop,
    double maxMotionDrop,
    double maxDiversityDrop) {

  /** What happens when a limit is passed. */
  public enum Mode {
    OFF,
    WARN,
    STOP
  }

  public GuardConfig {
    require(evalEvery >= 1, "guard.eval-every must be at least 1, is %s", evalEvery);
    require(
        videosPerPrompt >= 1, "guard.videos-per-prompt must be at least 1, is %s", videosPerPrompt);
    require(
        1 <= ddimSteps && ddimSteps <= 1000,
        "guard.ddim-steps must be in 1..1000, is %s",
        ddimSteps);
    require(maxRewardDrop > 0, "guard.max-reward-drop must be above 0, is %s", maxRewardDrop);
    require(
        0 < maxMotionDrop && maxMotionDrop <= 1,
        "guard.max-motion-drop must be in (0, 1], is %s",
        maxMotionDrop);
    require(
        0 < maxDiversityDrop && maxDiversityDrop <= 1,
        "guard.max-diversity-drop must be in (0, 1], is %s",
        maxDiversityDrop);
  }

  /** The limits by their keys. */
  public SortedMap<String, Double> limits() {
    return new TreeMap<>(
        Map.of(
            "max-reward-drop", maxRewardDrop,
            "max-motion-drop", maxMotionDrop,
            "max-diversity-drop", maxDiversityDrop));
  }
}
