package instructvideo.train;

import java.io.Serializable;

/**
 * Settings of DDPO.
 *
 * @param eta share of fresh noise in each step of the chain, which makes it a policy
 * @param clipRange by which the ratio of probabilities may leave 1 before its gradient is cut
 * @param advantageClip largest size of an advantage, in deviations of the reward
 * @param timestepFraction share of a trajectory's timesteps that a local step trains on
 */
public record DdpoConfig(
    double eta, double clipRange, double advantageClip, double timestepFraction)
    implements Serializable {

  public DdpoConfig {
    require(0 < eta && eta <= 1, "train.ddpo.eta must be in (0, 1], is %s", eta);
    require(
        0 < clipRange && clipRange < 1,
        "train.ddpo.clip-range must be in (0, 1), is %s",
        clipRange);
    require(
        advantageClip > 0 && Double.isFinite(advantageClip),
        "train.ddpo.advantage-clip must be above 0, is %s",
        advantageClip);
    require(
        0 < timestepFraction && timestepFraction <= 1,
        "train.ddpo.timestep-fraction must be in (0, 1], is %s",
        timestepFraction);
  }

  private static void require(boolean holds, String message, double value) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(value));
    }
  }
}
