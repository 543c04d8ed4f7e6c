package instructvideo.optim;

import java.util.SortedMap;
import java.util.TreeMap;

/** From the workers' average to the weights of the next round. */
public sealed interface OuterOptimizer {

  /**
   * The outer step.
   *
   * @param weights with which the round began, by name
   * @param averages of the workers' weights, by name
   * @param momentum of the rounds before, by name; empty at the beginning
   */
  Result step(
      SortedMap<String, float[]> weights,
      SortedMap<String, float[]> averages,
      SortedMap<String, float[]> momentum);

  /**
   * What the next round begins with.
   *
   * @param weights by name
   * @param momentum by name; empty if the rule has none
   */
  record Result(SortedMap<String, float[]> weights, SortedMap<String, float[]> momentum) {}

  /** The average, taken as it is (local SGD, arXiv 1805.09767). */
  record Average() implements OuterOptimizer {

    @Override
    public Result step(
        SortedMap<String, float[]> weights,
        SortedMap<String, float[]> averages,
        SortedMap<String, float[]> momentum) {
      return new Result(averages, new TreeMap<>());
    }
  }

  /**
   * DiLoCo (arXiv 2311.08105, algorithm 1): SGD with Nesterov momentum on the outer gradient
   * weights - averages, in torch.optim.SGD's form.
   *
   * @param lr 0.7 in the paper
   * @param momentumDecay 0.9 in the paper
   */
  record Nesterov(double lr, double momentumDecay) implements OuterOptimizer {

    @Override
    public Result step(
        SortedMap<String, float[]> weights,
        SortedMap<String, float[]> averages,
        SortedMap<String, float[]> momentum) {
      SortedMap<String, float[]> nextWeights = new TreeMap<>();
      SortedMap<String, float[]> nextMomentum = new TreeMap<>();
      weights.forEach(
          (name, weight) -> {
            float[] buffer = momentum.getOrDefault(name, new float[weight.length]).clone();
            nextWeights.put(name, step(weight, averages.get(name), buffer));
            nextMomentum.put(name, buffer);
          });
      return new Result(nextWeights, nextMomentum);
    }

    private float[] step(float[] weight, float[] average, float[] buffer) {
      float[] next = new float[weight.length];
      for (int i = 0; i < next.length; i++) {
        double gradient = (double) weight[i] - average[i];
        double velocity = momentumDecay * buffer[i] + gradient;
        buffer[i] = (float) velocity;
        next[i] = (float) (weight[i] - lr * (gradient + momentumDecay * velocity));
      }

      return next;
    }
  }
}
