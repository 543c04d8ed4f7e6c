package instructvideo.train;

import java.util.List;

/**
 * A video that the round's first weights made of a sample's prompt and of noise.
 *
 * @param sample whose prompt it follows
 * @param latents (4, f, h, w), row-major
 * @param reward mean over its chosen frames; no number if any of them has none
 * @param transitions the steps of the chain that added noise; none with eta 0
 */
record Rollout(
    TrainingSample sample, float[] latents, double reward, List<Transition> transitions) {

  /**
   * A step of the chain that added noise.
   *
   * @param latents before it
   * @param next latents after it
   * @param logProb of {@code next}, see {@link instructvideo.diffusion.DdimScheduler#logProbs}
   */
  record Transition(int timestep, float[] latents, float[] next, double logProb) {}

  /**
   * A rollout beside the others of its round.
   *
   * @param weight a factor of its loss or its advantage; no number if its reward is none
   */
  record Weighted(Rollout rollout, double weight) {}
}
