package instructvideo.job.evaluate;

import java.util.List;

/**
 * What an evaluation makes and measures, whatever the adapters are.
 *
 * @param sets of prompts
 * @param ddimSteps lengths of the chain
 * @param videosPerPrompt each from noise of its own
 * @param seed of the bootstrap
 * @param resamples of the bootstrap
 * @param confidence of its intervals, such as 0.95
 * @param extremes prompts that gained and lost most, at most
 */
public record EvaluationSpec(
    List<EvaluationSet> sets,
    List<Integer> ddimSteps,
    int videosPerPrompt,
    EvaluationRewards rewards,
    long seed,
    int resamples,
    double confidence,
    int extremes) {

  Bootstrap bootstrap() {
    return new Bootstrap(seed, resamples, confidence);
  }
}
