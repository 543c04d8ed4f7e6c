package instructvideo.train;

import ai.djl.ndarray.NDArray;
import instructvideo.optim.GradientNorm;
import java.util.Map;
import java.util.SortedMap;

/**
 * The gradients of one optimizer step: the mean over its finite samples.
 *
 * @param gradients by name, owned
 * @param norm of all of them, before clipping
 */
record StepGradients(SortedMap<String, NDArray> gradients, double norm, StepMetrics metrics)
    implements AutoCloseable {

  StepGradients withSkipped(int skipped) {
    StepMetrics m = metrics;
    return new StepGradients(
        gradients,
        norm,
        new StepMetrics(
            m.samples(),
            skipped,
            m.rewardSum(),
            m.rewardSquares(),
            m.lossSum(),
            m.steps(),
            m.gradientNormSum(),
            m.ratios(),
            Map.of()));
  }

  @Override
  public void close() {
    gradients.values().forEach(NDArray::close);
  }

  /** Adds up passes. */
  static final class Sums {

    private int samples;
    private int skipped;
    private double rewardSum;
    private double rewardSquares;
    private double lossSum;
    private PolicyRatios ratios = PolicyRatios.NONE;

    void add(TrainStep.Pass pass) {
      skipped += pass.scores().length - pass.finite().length;
      for (int video : pass.finite()) {
        add(mean(pass.frameScores()[video]), 1 - pass.scores()[video]);
      }
    }

    /** A sample that counts. */
    void add(double reward, double loss) {
      samples++;
      rewardSum += reward;
      rewardSquares += reward * reward;
      lossSum += loss;
    }

    /** A sample that does not count. */
    void skip() {
      skipped++;
    }

    void add(PolicyRatios more) {
      ratios = ratios.plus(more);
    }

    /**
     * The step's gradients.
     *
     * @param collected gradients of the sum over finite samples, divided by {@code numVideos}
     */
    StepGradients mean(SortedMap<String, NDArray> collected, int numVideos) {
      if (samples > 0 && samples < numVideos) {
        collected.values().forEach(gradient -> gradient.muli((double) numVideos / samples));
      }

      double norm = GradientNorm.of(collected);
      int steps = samples > 0 ? 1 : 0;
      StepMetrics metrics =
          new StepMetrics(
              samples,
              skipped,
              rewardSum,
              rewardSquares,
              lossSum,
              steps,
              steps * norm,
              ratios,
              Map.of());
      return new StepGradients(collected, norm, metrics);
    }

    private static double mean(float[] values) {
      double sum = 0;
      for (float value : values) {
        sum += value;
      }

      return sum / values.length;
    }
  }
}
