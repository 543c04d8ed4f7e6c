package instructvideo.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.nn.Precision;
import instructvideo.nn.TorchEngine;
import instructvideo.testing.GoldenCase;
import java.io.IOException;
import java.util.Map;
import java.util.Map.Entry;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
  @ParameterizedTest
  @CsvSource({"FLOAT16, 3e-3, 5e-2", "BFLOAT16, 2e-2, 2.5e-1"})
  void stepIsClose(Precision var1, double var2, double var4) throws IOException {
    TorchEngine.stopRecording();
    try (NDManager var6 = NDManager.newBaseManager("PyTorch")) {
      GoldenCase var7 = new GoldenCase("square", var6, false, var1);
      StepResult var8 = var7.step.run(var7.sample(), var7.adapter);
      NDArray var9 = var7.expected.get("ddim.chain");
      double var10 = var8.chain().sub(var9).abs().max().getFloat(new long[0]);
      Assertions.assertThat(var10 / var9.abs().max().getFloat(new long[0])).isBetween(1.0E-5, var2);
      Assertions.assertThat(var8.loss())
          .isCloseTo(var7.expected.get("loss").getFloat(new long[0]), Assertions.within(var2));
      Assertions.assertThat(relativeError(var8.gradients(), var7.expected)).isLessThan(var4);
      var8.gradients().values().forEach(var0 -> isFloat32(var0));
    }
  }

  private static void isFloat32(NDArray var0) {
    Assertions.assertThat(var0.getDataType()).isEqualTo(DataType.FLOAT32);
  }

  private static double relativeError(Map<String, NDArray> var0, Map<String, NDArray> var1) {
    double var2 = 0.0;
    double var4 = 0.0;

    for (Entry var7 : var0.entrySet()) {
      NDArray var8 = (NDArray) var1.get("grad." + (String) var7.getKey());
      var2 += ((NDArray) var7.getValue()).sub(var8).square().sum().getFloat(new long[0]);
      var4 += var8.square().sum().getFloat(new long[0]);
    }

    return Math.sqrt(var2 / var4);
  }
}
