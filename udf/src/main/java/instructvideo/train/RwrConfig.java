package instructvideo.train;

import java.io.Serializable;

/**
 * Settings of reward-weighted regression.
 *
 * @param beta temperature, in units of the reward: a video whose reward is {@code beta} higher
 *     weighs e times as much
 */
public record RwrConfig(double beta) implements Serializable {

  public RwrConfig {
    if (!(beta > 0 && Double.isFinite(beta))) {
      throw new IllegalArgumentException("train.rwr.beta must be above 0, is " + beta);
    }
  }
}
