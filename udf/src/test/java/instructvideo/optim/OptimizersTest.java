package instructvideo.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import instructvideo.nn.TorchEngine;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Expected numbers are what torch.optim and torch.nn.utils 2.7.1 give. */
class OptimizersTest {

  private static final float TOLERANCE = 1e-6f;

  @BeforeAll
  static void start() {
    TorchEngine.start(0);
  }

  @Test
  void nesterovFollowsTorchSgd() {
    OuterOptimizer outer = new OuterOptimizer.Nesterov(0.7, 0.9);
    SortedMap<String, float[]> weights = named(1, -2, 0.5f);
    SortedMap<String, float[]> momentum = new TreeMap<>();
    float[][] averages = {{0.9f, -1.8f, 0.7f}, {0.5f, -1.5f, 0.9f}, {0.4f, -1.6f, 1}};
    float[][] expected = {
      {0.867f, -1.734f, 0.766f},
      {0.32219f, -1.30938f, 1.05762f},
      {0.1665583f, -1.4611666f, 1.159023f}
    };
    for (int i = 0; i < averages.length; i++) {
      OuterOptimizer.Result result = outer.step(weights, named(averages[i]), momentum);
      weights = result.weights();
      momentum = result.momentum();
      assertThat(weights.get("w")).containsExactly(expected[i], within(1e-5f));
    }
  }

  @Test
  void averageIsTakenAsItIs() {
    OuterOptimizer.Result result =
        new OuterOptimizer.Average().step(named(1), named(0.3f), new TreeMap<>());

    assertThat(result.weights().get("w")).containsExactly(0.3f);
    assertThat(result.momentum()).isEmpty();
  }

  @Test
  void rateRisesThenFollowsTheCosine() {
    LearningRate rate = new LearningRate(config(4, OptimizerConfig.Schedule.COSINE), 20);
    double[] expected = {0.25, 0.5, 0.75, 1, 1, 0.9903926402016152, 0.9619397662556434};
    for (int step = 0; step < expected.length; step++) {
      assertThat(rate.at(step)).isCloseTo(expected[step], within(1e-12));
    }

    assertThat(rate.at(12)).isCloseTo(0.5, within(1e-12));
    assertThat(rate.at(19)).isCloseTo(0.009607359798384785, within(1e-12));
    assertThat(new LearningRate(config(0, OptimizerConfig.Schedule.CONSTANT), 20).at(19)).isOne();
  }

  @Test
  void clippingScalesAllGradientsTogether() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SortedMap<String, NDArray> gradients = new TreeMap<>();
      gradients.put("a", manager.create(new float[] {3, 4}));
      gradients.put("b", manager.create(new float[] {12}));
      double norm = GradientNorm.of(gradients);
      GradientNorm.clip(gradients, norm, 0);
      assertThat(gradients.get("b").toFloatArray()).containsExactly(12f);
      GradientNorm.clip(gradients, norm, 1);

      assertThat(norm).isCloseTo(13, within(1e-6));
      assertThat(gradients.get("a").toFloatArray())
          .containsExactly(new float[] {0.23076922f, 0.3076923f}, within(TOLERANCE));
      assertThat(gradients.get("b").toFloatArray())
          .containsExactly(new float[] {0.92307687f}, within(TOLERANCE));
    }
  }

  @Test
  void normOfWhatIsNoNumberIsNone() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SortedMap<String, NDArray> gradients = new TreeMap<>();
      gradients.put("a", manager.create(new float[] {1, Float.NaN}));

      assertThat(GradientNorm.of(gradients)).isNaN();
    }
  }

  @Test
  void sgdDescends() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SortedMap<String, NDArray> weights = new TreeMap<>();
      weights.put("w", manager.create(new float[] {1, 2}));
      SortedMap<String, NDArray> gradients = new TreeMap<>();
      gradients.put("w", manager.create(new float[] {0.5f, -1}));
      new Sgd(config(0, OptimizerConfig.Schedule.CONSTANT)).step(weights, gradients, 0.1);

      assertThat(weights.get("w").toFloatArray())
          .containsExactly(new float[] {0.95f, 2.1f}, within(TOLERANCE));
    }
  }

  private static OptimizerConfig config(int warmupSteps, OptimizerConfig.Schedule schedule) {
    return new OptimizerConfig(
        OptimizerConfig.Name.SGD, 1, 0.9, 0.999, 1e-8, 0, 1, warmupSteps, schedule);
  }

  private static SortedMap<String, float[]> named(float... values) {
    SortedMap<String, float[]> map = new TreeMap<>();
    map.put("w", values);
    return map;
  }
}
