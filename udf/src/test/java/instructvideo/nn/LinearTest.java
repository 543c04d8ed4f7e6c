package instructvideo.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import java.nio.FloatBuffer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearTest {

  private static final int IN = 8;
  private static final int OUT = 16;
  private static final int RANK = 2;
  private static final double SCALE = 1.5;
  private static final Offset<Double> TOLERANCE = Offset.offset(2e-5); // 8 products of float32

  @BeforeAll
  static void start() {
    TorchEngine.start(1);
    TorchEngine.stopRecording();
  }

  /** With fewer rows than W the update is added to the result, with more to W. */
  @ParameterizedTest
  @ValueSource(ints = {3, 40})
  void addsTheLoraUpdate(int rows) {
    float[] x = numbers("x", rows * IN);
    float[] weight = numbers("weight", OUT * IN);
    float[] bias = numbers("bias", OUT);
    float[] loraA = numbers("loraA", RANK * IN);
    float[] loraB = numbers("loraB", OUT * RANK);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Linear linear =
          new Linear(
              array(manager, weight, OUT, IN),
              array(manager, bias, OUT),
              new LoraWeights(
                  array(manager, loraA, RANK, IN), array(manager, loraB, OUT, RANK), SCALE));

      float[] y = linear.forward(array(manager, x, rows, IN)).toFloatArray();

      assertThat(linear.weight().toFloatArray()).isEqualTo(weight);
      for (int row = 0; row < rows; row++) {
        for (int out = 0; out < OUT; out++) {
          double expected = bias[out];
          for (int in = 0; in < IN; in++) {
            double w = weight[out * IN + in];
            for (int r = 0; r < RANK; r++) {
              w += SCALE * loraB[out * RANK + r] * loraA[r * IN + in];
            }

            expected += w * x[row * IN + in];
          }

          assertThat((double) y[row * OUT + out]).isCloseTo(expected, TOLERANCE);
        }
      }
    }
  }

  private static float[] numbers(String name, int count) {
    return CounterRandom.of(7, 0, name, 0, Purpose.LORA_INIT).gaussians(count);
  }

  private static NDArray array(NDManager manager, float[] values, long... shape) {
    return manager.create(FloatBuffer.wrap(values), new Shape(shape));
  }
}
