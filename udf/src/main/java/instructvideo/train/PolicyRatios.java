package instructvideo.train;

import java.io.Serializable;

/**
 * How far the policy of DDPO went from the one that drew its trajectories; adding two gives that of
 * both.
 *
 * @param terms ratios: samples times timesteps; 0 in other methods
 * @param clipped of them, those outside of the clip's range
 * @param logRatioSquares sum of the squared logarithms
 */
public record PolicyRatios(long terms, long clipped, double logRatioSquares)
    implements Serializable {

  /** Of nothing. */
  public static final PolicyRatios NONE = new PolicyRatios(0, 0, 0);

  /** The sums of both. */
  public PolicyRatios plus(PolicyRatios other) {
    return new PolicyRatios(
        terms + other.terms, clipped + other.clipped, logRatioSquares + other.logRatioSquares);
  }

  /** Share of ratios outside of the clip's range. */
  public double clipFraction() {
    return (double) clipped / terms;
  }

  /** Half the mean squared logarithm, the authors' estimate of the KL divergence. */
  public double approxKl() {
    return logRatioSquares / 2 / terms;
  }
}
