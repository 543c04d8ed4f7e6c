package instructvideo.nn;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.autograd.Gradients;
import instructvideo.format.SafeTensors;
import instructvideo.testing.Fixtures;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and gradients of every operator, against those of PyTorch in functional.safetensors. */
class FunctionalGoldenTest {

  private static final double TOLERANCE = 1e-5; // of the tensor's maximum

  private static final Map<String, Function<NDList, NDArray>> OPERATORS =
      Map.ofEntries(
          entry("silu", in -> Functional.silu(in.get(0))),
          entry("gelu", in -> Functional.gelu(in.get(0))),
          entry("quick_gelu", in -> Functional.quickGelu(in.get(0))),
          entry("linear", in -> Functional.linear(in.get(0), in.get(1))),
          entry("linear_bias", in -> Functional.linear(in.get(0), in.get(1), in.get(2))),
          entry("conv2d", in -> Functional.conv2d(in.get(0), in.get(1), in.get(2), 1, 1)),
          entry("conv2d_stride", in -> Functional.conv2d(in.get(0), in.get(1), in.get(2), 2, 0)),
          entry("conv2d_no_bias", in -> Functional.conv2d(in.get(0), in.get(1), 3)),
          entry("conv_temporal", in -> Functional.convTemporal(in.get(0), in.get(1), in.get(2))),
          entry("group_norm", in -> Functional.groupNorm(in.get(0), 2, in.get(1), in.get(2), 1e-6)),
          entry("layer_norm", in -> Functional.layerNorm(in.get(0), in.get(1), in.get(2))),
          entry(
              "scaled_dot_product_attention",
              in -> Functional.scaledDotProductAttention(in.get(0), in.get(1), in.get(2))),
          entry(
              "causal_attention",
              in -> Functional.causalAttention(in.get(0), in.get(1), in.get(2))),
          entry("upsample_nearest", in -> Functional.upsampleNearest(in.get(0))),
          entry("upsample_nearest_to", in -> Functional.upsampleNearest(in.get(0), 7, 5)),
          entry("normalize", in -> Functional.normalize(in.get(0))),
          entry("pad", in -> Functional.pad(in.get(0), 1, 2, 3, 0)),
          entry("scale", in -> Functional.scale(in.get(0), 0.18215)),
          entry("divide", in -> Functional.divide(in.get(0), 0.18215)),
          entry("to_unit_range", in -> Functional.toUnitRange(in.get(0))),
          entry("embedding", in -> Functional.embedding(ids(), in.get(0))),
          entry("resize_bicubic_smaller", in -> Functional.resizeBicubic(in.get(0), 4, 7)),
          entry("resize_bicubic_larger", in -> Functional.resizeBicubic(in.get(0), 9, 15)),
          entry("resize_bilinear_smaller", in -> Functional.resizeBilinear(in.get(0), 4, 7)),
          entry("resize_bilinear_larger", in -> Functional.resizeBilinear(in.get(0), 9, 15)));

  private static NDManager manager;
  private static Map<String, NDArray> tensors;

  @BeforeAll
  static void read() throws IOException {
    TorchEngine.start(1);
    TorchEngine.stopRecording();
    manager = NDManager.newBaseManager("PyTorch");
    tensors = SafeTensors.read(manager, Fixtures.path("functional.safetensors"), DataType.FLOAT32);
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  static Stream<String> names() {
    return OPERATORS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("names")
  void valueAndGradients(String name) {
    NDArray[] inputs =
        IntStream.iterate(0, i -> tensors.containsKey(name + ".input" + i), i -> i + 1)
            .mapToObj(i -> tensors.get(name + ".input" + i).duplicate())
            .toArray(NDArray[]::new);
    boolean[] needed = new boolean[inputs.length];
    Arrays.fill(needed, true);
    NDArray seed = tensors.get(name + ".seed").duplicate();

    Gradients.Result result = Gradients.vectorJacobian(OPERATORS.get(name), inputs, needed, seed);

    isClose(name + ".output", result.value());
    for (int i = 0; i < inputs.length; i++) {
      isClose(name + ".gradient" + i, result.inputGradients()[i]);
    }
  }

  @Test
  void fixtureHasNoOtherOperators() {
    Set<String> names =
        tensors.keySet().stream()
            .map(key -> key.substring(0, key.indexOf('.')))
            .collect(Collectors.toSet());

    assertThat(names).isEqualTo(OPERATORS.keySet());
  }

  private static void isClose(String name, NDArray actual) {
    NDArray expected = tensors.get(name);
    assertThat(actual.getShape()).as(name).isEqualTo(expected.getShape());
    double maximum = expected.abs().max().getFloat();
    double difference = actual.sub(expected).abs().max().getFloat();
    assertThat(difference).as(name).isLessThanOrEqualTo(TOLERANCE * maximum);
  }

  private static NDArray ids() {
    return manager.create(new long[] {1, 0, 1, 4}, new Shape(2, 2));
  }
}
