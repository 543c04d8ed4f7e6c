package instructvideo.job.config;

import static instructvideo.job.config.Requirements.require;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How an adapter is compared with the model alone.
 *
 * @param prompts URIs of sets by name
 * @param ddimSteps lengths of the chain, separated by commas; see {@link #chainLengths}
 * @param lossless whether videos are kept as FFV1, not mp4
 * @param trained name of the reward that was trained on, empty if the run says it
 * @param confidence of the intervals, such as 0.95
 * @param resamples of the bootstrap
 * @param extremes prompts that gained and lost most
 */
public record EvaluateConfig(
    Map<String, String> prompts,
    String ddimSteps,
    int videosPerPrompt,
    boolean lossless,
    String trained,
    double confidence,
    int resamples,
    int extremes) {

  public EvaluateConfig {
    require(
        ddimSteps.matches("\\s*\\d{1,4}\\s*(,\\s*\\d{1,4}\\s*)*"),
        "evaluate.ddim-steps must be numbers with commas between them, is %s",
        ddimSteps);
    require(
        lengths(ddimSteps).stream().allMatch(steps -> 1 <= steps && steps <= 1000),
        "evaluate.ddim-steps must be in 1..1000, is %s",
        ddimSteps);
    require(
        videosPerPrompt >= 1,
        "evaluate.videos-per-prompt must be at least 1, is %s",
        videosPerPrompt);
    require(
        0 < confidence && confidence < 1,
        "evaluate.confidence must be between 0 and 1, is %s",
        confidence);
    require(resamples >= 100, "evaluate.resamples must be at least 100, is %s", resamples);
    require(extremes >= 0, "evaluate.extremes must not be negative, is %s", extremes);
  }

  /** The lengths of the chain, each once, in the order given. */
  public List<Integer> chainLengths() {
    return lengths(ddimSteps);
  }

  private static List<Integer> lengths(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .map(Integer::valueOf)
        .distinct()
        .toList();
  }
}
