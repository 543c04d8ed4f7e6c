package instructvideo.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.SortedMap;

/** The inner optimizer of a worker. It changes weights where they are. */
public sealed interface Optimizer extends AutoCloseable permits AdamW, Sgd {

  /**
   * One step.
   *
   * @param weights by name
   * @param gradients of the same names and shapes
   */
  void step(SortedMap<String, NDArray> weights, Map<String, NDArray> gradients, double lr);

  /** First and second moments by name; empty for an optimizer that has none. */
  Moments moments();

  @Override
  void close();

  /** The optimizer of a config, in the given state. */
  static Optimizer of(OptimizerConfig config, Moments moments, int step) {
    return switch (config.name()) {
      case ADAMW -> new AdamW(config, moments, step);
      case SGD -> new Sgd(config);
    };
  }

  /**
   * Running averages of gradients and of their squares.
   *
   * @param expAvg by the name of the weight
   * @param expAvgSq by the name of the weight
   */
  record Moments(Map<String, NDArray> expAvg, Map<String, NDArray> expAvgSq) {}
}
