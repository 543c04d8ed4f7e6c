package instructvideo.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import instructvideo.nn.Functional;
import instructvideo.nn.TorchEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers in a graph must outlive Java's garbage collection: DJL's own operators do not. */
class GraphMemoryTest {

  private static final int TRIALS = 20;

  @BeforeAll
  static void start() {
    TorchEngine.start(0);
  }

  @Test
  void scaleKeepsItsFactorUntilTheGradient() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray x = manager.ones(new Shape(4));
      for (int i = 0; i < TRIALS; i++) {
        NDArray gradient =
            Gradients.of(input -> collectGarbage(Functional.scale(input, 3)), x, x)
                .inputGradients()[0];

        assertThat(gradient.toFloatArray()).containsOnly(3);
      }
    }
  }

  @Test
  void divideKeepsItsDivisorUntilTheGradient() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray x = manager.ones(new Shape(4));
      for (int i = 0; i < TRIALS; i++) {
        NDArray gradient =
            Gradients.of(input -> collectGarbage(Functional.divide(input, 4)), x, x)
                .inputGradients()[0];

        assertThat(gradient.toFloatArray()).containsOnly(0.25f);
      }
    }
  }

  @Test
  void unitRangeKeepsItsEnds() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray x = manager.create(new float[] {-3, 0, 3});
      NDArray seed = manager.ones(new Shape(3));
      Gradients.Result result =
          Gradients.of(input -> collectGarbage(Functional.toUnitRange(input)), x, seed);

      assertThat(result.value().toFloatArray()).containsExactly(0, 0.5f, 1);
      assertThat(result.inputGradients()[0].toFloatArray()).containsExactly(0, 0.5f, 0);
    }
  }

  /** Frees direct buffers that nothing refers to, and writes over their memory. */
  private static NDArray collectGarbage(NDArray value) {
    System.gc();
    List<ByteBuffer> filled = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(8);
      buffer.putDouble(0, Double.NaN);
      filled.add(buffer);
    }

    assertThat(filled).isNotEmpty();
    return value;
  }
}
