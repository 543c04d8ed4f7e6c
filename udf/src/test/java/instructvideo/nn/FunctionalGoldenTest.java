package instructvideo.nn;

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
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractDoubleAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FunctionalGoldenTest {
  private static final double TOLERANCE = 1.0E-5;
  private static final Map<String, Function<NDList, NDArray>> OPERATORS = operators();
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
  @MethodSource({"names"})
  void valueAndGradients(String var1) {
    NDArray[] var2 =
        IntStream.iterate(
                0, var1x -> tensors.containsKey(var1 + ".input" + var1x), var0 -> var0 + 1)
            .mapToObj(var1x -> tensors.get(var1 + ".input" + var1x).duplicate())
            .toArray(NDArray[]::new);
    boolean[] var3 = new boolean[var2.length];
    Arrays.fill(var3, true);
    Gradients.Result var4 =
        Gradients.vectorJacobian(
            OPERATORS.get(var1), var2, var3, tensors.get(var1 + ".seed").duplicate());
    isClose(var1 + ".output", var4.value());

    for (int var5 = 0; var5 < var2.length; var5++) {
      isClose(var1 + ".gradient" + var5, var4.inputGradients()[var5]);
    }
  }

  @Test
  void fixtureHasNoOtherOperators() {
    Set var1 =
        tensors.keySet().stream()
            .map(var0 -> var0.substring(0, var0.indexOf(46)))
            .collect(Collectors.toSet());
    Assertions.assertThat(var1).isEqualTo(OPERATORS.keySet());
  }

  private static void isClose(String var0, NDArray var1) {
    NDArray var2 = tensors.get(var0);
    ((ObjectAssert) Assertions.assertThat(var1.getShape()).as(var0, new Object[0]))
        .isEqualTo(var2.getShape());
    float var3 = var2.abs().max().getFloat(new long[0]);
    float var4 = var1.sub(var2).abs().max().getFloat(new long[0]);
    ((AbstractDoubleAssert) Assertions.assertThat(var4).as(var0, new Object[0]))
        .isLessThanOrEqualTo(1.0E-5 * var3);
  }

  private static Map<String, Function<NDList, NDArray>> operators() {
    HashMap var0 = new HashMap();
    var0.put("silu", var0x -> Functional.silu((NDArray) var0x.get(0)));
    var0.put("gelu", var0x -> Functional.gelu((NDArray) var0x.get(0)));
    var0.put("quick_gelu", var0x -> Functional.quickGelu((NDArray) var0x.get(0)));
    var0.put("linear", var0x -> Functional.linear((NDArray) var0x.get(0), (NDArray) var0x.get(1)));
    var0.put(
        "linear_bias",
        var0x ->
            Functional.linear(
                (NDArray) var0x.get(0), (NDArray) var0x.get(1), (NDArray) var0x.get(2)));
    var0.put(
        "conv2d",
        var0x ->
            Functional.conv2d(
                (NDArray) var0x.get(0), (NDArray) var0x.get(1), (NDArray) var0x.get(2), 1, 1));
    var0.put(
        "conv2d_stride",
        var0x ->
            Functional.conv2d(
                (NDArray) var0x.get(0), (NDArray) var0x.get(1), (NDArray) var0x.get(2), 2, 0));
    var0.put(
        "conv2d_no_bias",
        var0x -> Functional.conv2d((NDArray) var0x.get(0), (NDArray) var0x.get(1), 3));
    var0.put(
        "conv_temporal",
        var0x ->
            Functional.convTemporal(
                (NDArray) var0x.get(0), (NDArray) var0x.get(1), (NDArray) var0x.get(2)));
    var0.put(
        "group_norm",
        var0x ->
            Functional.groupNorm(
                (NDArray) var0x.get(0), 2, (NDArray) var0x.get(1), (NDArray) var0x.get(2), 1.0E-6));
    var0.put(
        "layer_norm",
        var0x ->
            Functional.layerNorm(
                (NDArray) var0x.get(0), (NDArray) var0x.get(1), (NDArray) var0x.get(2)));
    var0.put(
        "scaled_dot_product_attention",
        var0x ->
            Functional.scaledDotProductAttention(
                (NDArray) var0x.get(0), (NDArray) var0x.get(1), (NDArray) var0x.get(2)));
    var0.put(
        "causal_attention",
        var0x ->
            Functional.causalAttention(
                (NDArray) var0x.get(0), (NDArray) var0x.get(1), (NDArray) var0x.get(2)));
    var0.put("upsample_nearest", var0x -> Functional.upsampleNearest((NDArray) var0x.get(0)));
    var0.put(
        "upsample_nearest_to", var0x -> Functional.upsampleNearest((NDArray) var0x.get(0), 7, 5));
    var0.put("normalize", var0x -> Functional.normalize((NDArray) var0x.get(0)));
    var0.put("pad", var0x -> Functional.pad((NDArray) var0x.get(0), 1, 2, 3, 0));
    var0.put("scale", var0x -> Functional.scale((NDArray) var0x.get(0), 0.18215));
    var0.put("divide", var0x -> Functional.divide((NDArray) var0x.get(0), 0.18215));
    var0.put("to_unit_range", var0x -> Functional.toUnitRange((NDArray) var0x.get(0)));
    var0.put("embedding", var0x -> Functional.embedding(ids(), (NDArray) var0x.get(0)));
    var0.put(
        "resize_bicubic_smaller", var0x -> Functional.resizeBicubic((NDArray) var0x.get(0), 4, 7));
    var0.put(
        "resize_bicubic_larger", var0x -> Functional.resizeBicubic((NDArray) var0x.get(0), 9, 15));
    var0.put(
        "resize_bilinear_smaller",
        var0x -> Functional.resizeBilinear((NDArray) var0x.get(0), 4, 7));
    var0.put(
        "resize_bilinear_larger",
        var0x -> Functional.resizeBilinear((NDArray) var0x.get(0), 9, 15));
    return var0;
  }

  private static NDArray ids() {
    return manager.create(new long[] {1L, 0L, 1L, 4L}, new Shape(new long[] {2L, 2L}));
  }
}
