package instructvideo.train;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/**
 * Sums over the samples and steps of a round; adding two gives those of both.
 *
 * @param samples that counted
 * @param skipped samples whose loss or gradient was no number
 * @param rewardSum of the mean reward of each sample's frames
 * @param rewardSquares of the same, squared
 * @param lossSum of each sample's loss: 1 - score, or what the method has in its place
 * @param steps optimizer steps
 * @param gradientNormSum over steps, before clipping
 * @param ratios of DDPO
 * @param seconds by phase
 */
public record StepMetrics(
    int samples,
    int skipped,
    double rewardSum,
    double rewardSquares,
    double lossSum,
    int steps,
    double gradientNormSum,
    PolicyRatios ratios,
    Map<Phase, Double> seconds)
    implements Serializable {

  /** Of nothing. */
  public static final StepMetrics NONE =
      new StepMetrics(0, 0, 0, 0, 0, 0, 0, PolicyRatios.NONE, Map.of());

  /** The sums of both. */
  public StepMetrics plus(StepMetrics other) {
    Map<Phase, Double> both = new EnumMap<>(Phase.class);
    both.putAll(seconds);
    other.seconds.forEach((phase, value) -> both.merge(phase, value, Double::sum));
    return new StepMetrics(
        samples + other.samples,
        skipped + other.skipped,
        rewardSum + other.rewardSum,
        rewardSquares + other.rewardSquares,
        lossSum + other.lossSum,
        steps + other.steps,
        gradientNormSum + other.gradientNormSum,
        ratios.plus(other.ratios),
        both);
  }

  /** Mean reward of the samples. */
  public double rewardMean() {
    return rewardSum / samples;
  }

  /** Standard error of the mean reward; NaN below two samples. */
  public double rewardStandardError() {
    double variance = (rewardSquares - rewardSum * rewardSum / samples) / (samples - 1.0);
    return samples < 2 ? Double.NaN : Math.sqrt(Math.max(variance, 0) / samples);
  }

  /** Mean loss of the samples. */
  public double lossMean() {
    return lossSum / samples;
  }

  /** Mean L2 norm of a step's gradient, before clipping. */
  public double gradientNorm() {
    return gradientNormSum / steps;
  }
}
