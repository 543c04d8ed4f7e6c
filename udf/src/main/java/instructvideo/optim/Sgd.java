package instructvideo.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.SortedMap;

/** Plain gradient descent with weight decay: w -= lr (g + decay w). */
public final class Sgd implements Optimizer {

  private final OptimizerConfig config;

  Sgd(OptimizerConfig config) {
    this.config = config;
  }

  @Override
  public void step(SortedMap<String, NDArray> weights, Map<String, NDArray> gradients, double lr) {
    weights.forEach(
        (name, weight) -> {
          weight.setRequiresGradient(false); // libtorch refuses to change a recorded leaf
          try (NDManager scope = weight.getManager().newSubManager()) {
            NDArray change = gradients.get(name).mul(lr);
            change.attach(scope);
            weight.muli(1 - lr * config.weightDecay()).subi(change);
          }
        });
  }

  @Override
  public Moments moments() {
    return new Moments(Map.of(), Map.of());
  }

  @Override
  public void close() {
    // holds no arrays
  }
}
