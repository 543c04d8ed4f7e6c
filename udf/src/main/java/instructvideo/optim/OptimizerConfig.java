package instructvideo.optim;

import java.io.Serializable;

/**
 * The inner optimizer: its rule, its learning rate over the steps, its clipping.
 *
 * @param lr peak learning rate
 * @param clipNorm largest L2 norm of a step's gradient, 0 for none
 * @param warmupSteps over which the learning rate rises
 */
public record OptimizerConfig(
    Name name,
    double lr,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    double clipNorm,
    int warmupSteps,
    Schedule schedule)
    implements Serializable {

  /** Update rules. */
  public enum Name {
    ADAMW,
    SGD
  }

  /** What follows the warm-up. */
  public enum Schedule {
    COSINE,
    CONSTANT
  }

  public OptimizerConfig {
    require(lr > 0 && Double.isFinite(lr), "optimizer.lr must be above 0, is %s", lr);
    require(0 <= beta1 && beta1 < 1, "optimizer.beta1 must be in [0, 1), is %s", beta1);
    require(0 <= beta2 && beta2 < 1, "optimizer.beta2 must be in [0, 1), is %s", beta2);
    require(eps > 0, "optimizer.eps must be above 0, is %s", eps);
    require(weightDecay >= 0, "optimizer.weight-decay must not be negative, is %s", weightDecay);
    require(clipNorm >= 0, "optimizer.clip-norm must not be negative, is %s", clipNorm);
    require(warmupSteps >= 0, "optimizer.warmup-steps must not be negative, is %s", warmupSteps);
  }

  private static void require(boolean holds, String message, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(value));
    }
  }
}
