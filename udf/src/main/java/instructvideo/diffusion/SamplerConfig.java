package instructvideo.diffusion;

import java.io.Serializable;

/**
 * How much of the DDIM chain is run, and how.
 *
 * @param ddimSteps of a full chain
 * @param startingPartial share of the chain that is run (tau in the paper)
 * @param guidanceScale 1 for none
 * @param gradSteps last steps that carry a gradient (K in the paper)
 * @param negativePrompt that guidance leads away from
 * @param eta share of fresh noise in each step of a full chain: 0 (DDIM) to 1 (like DDPM)
 * @param offsetNoise strength of the noise that is one value per video, channel and frame
 */
public record SamplerConfig(
    int ddimSteps,
    double startingPartial,
    double guidanceScale,
    int gradSteps,
    String negativePrompt,
    double eta,
    double offsetNoise)
    implements Serializable {

  /** Timesteps that the models were trained with. */
  static final int TRAIN_TIMESTEPS = 1000;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the setting that is out of its range
   */
  public SamplerConfig {
    require(
        1 <= ddimSteps && ddimSteps <= TRAIN_TIMESTEPS,
        "sampler.ddim-steps must be in 1..1000, is %s",
        ddimSteps);
    require(
        0 < startingPartial && startingPartial <= 1,
        "sampler.starting-partial must be in (0, 1], is %s",
        startingPartial);
    require(
        numSteps(ddimSteps, startingPartial) >= 1,
        "sampler.starting-partial must leave a step of sampler.ddim-steps, is %s",
        startingPartial);
    require(
        1 <= gradSteps && gradSteps <= numSteps(ddimSteps, startingPartial),
        "sampler.grad-steps must be from 1 to the steps that are run, is %s",
        gradSteps);
    require(
        Double.isFinite(guidanceScale),
        "sampler.guidance-scale must be finite, is %s",
        guidanceScale);
    require(0 <= eta && eta <= 1, "sampler.eta must be in [0, 1], is %s", eta);
    require(offsetNoise >= 0, "sampler.offset-noise must not be negative, is %s", offsetNoise);
  }

  /** Steps that are run: the last share of a full chain, rounded down. */
  public int numSteps() {
    return numSteps(ddimSteps, startingPartial);
  }

  /** The same but for the steps that carry a gradient. */
  public SamplerConfig withGradSteps(int other) {
    return new SamplerConfig(
        ddimSteps, startingPartial, guidanceScale, other, negativePrompt, eta, offsetNoise);
  }

  /** Of a full chain of another length, without gradients. */
  public SamplerConfig fullChain(int steps) {
    return new SamplerConfig(steps, 1, guidanceScale, 1, negativePrompt, eta, offsetNoise);
  }

  /** A full chain has more than {@code ddimSteps} where they do not divide 1000. */
  private static int numSteps(int ddimSteps, double startingPartial) {
    int stride = TRAIN_TIMESTEPS / ddimSteps;
    int full = (TRAIN_TIMESTEPS + stride - 1) / stride;
    return (int) (full * startingPartial);
  }

  private static void require(boolean holds, String message, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(value));
    }
  }
}
