package instructvideo.optim;

import ai.djl.ndarray.NDArray;
import java.util.SortedMap;

/** The L2 norm of all gradients together, and what it is clipped to. */
public final class GradientNorm {

  private static final double EPS = 1e-6; // torch.nn.utils.clip_grad_norm_ has it

  private GradientNorm() {}

  /** Not finite if any gradient is not. */
  public static double of(SortedMap<String, NDArray> gradients) {
    double sum = 0;
    for (NDArray gradient : gradients.values()) {
      try (NDArray square = gradient.square();
          NDArray total = square.sum()) {
        sum += total.getFloat();
      }
    }

    return Math.sqrt(sum);
  }

  /**
   * Scales the gradients where they are, so that their norm is {@code clipNorm} at most.
   *
   * @param clipNorm 0 for no limit
   */
  public static void clip(SortedMap<String, NDArray> gradients, double norm, double clipNorm) {
    double scale = clipNorm / (norm + EPS);
    if (clipNorm > 0 && scale < 1) {
      gradients.values().forEach(gradient -> gradient.muli(scale));
    }
  }
}
