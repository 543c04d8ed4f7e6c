package instructvideo.lora;

import java.io.Serializable;
import java.util.List;

/**
 * Which layers get a low-rank update, and of what size (arXiv 2106.09685).
 *
 * @param alpha updates are scaled by alpha / rank
 * @param targetModules ends of the names of linear layers
 */
public record LoraConfig(int rank, double alpha, List<String> targetModules)
    implements Serializable {

  public LoraConfig {
    if (rank < 1) {
      throw new IllegalArgumentException("lora.rank must be at least 1, is " + rank);
    }

    if (targetModules.isEmpty()) {
      throw new IllegalArgumentException("lora.target-modules must not be empty");
    }

    targetModules = List.copyOf(targetModules);
  }

  /** What the product of the two matrices is multiplied by. */
  public double scale() {
    return alpha / rank;
  }
}
