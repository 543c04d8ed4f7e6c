package instructvideo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.nn.Precision;
import instructvideo.nn.TorchEngine;
import instructvideo.testing.GoldenCase;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step in half precision against the single-precision reference. */
class PrecisionTest {

  private static final double NOT_SINGLE = 1e-5; // a step in float32 is closer than this

  @ParameterizedTest
  @CsvSource({"FLOAT16, 3e-3, 5e-2", "BFLOAT16, 2e-2, 2.5e-1"})
  void stepIsClose(Precision precision, double forward, double gradient) throws IOException {
    TorchEngine.stopRecording();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      GoldenCase golden = new GoldenCase("square", manager, false, precision);
      StepResult result = golden.step.run(golden.sample(), golden.adapter);

      NDArray chain = golden.expected.get("ddim.chain");
      double difference = result.chain().sub(chain).abs().max().getFloat();
      assertThat(difference / chain.abs().max().getFloat()).isBetween(NOT_SINGLE, forward);
      double loss = golden.expected.get("loss").getFloat();
      assertThat(result.loss()).isCloseTo(loss, within(forward));
      assertThat(relativeError(result.gradients(), golden.expected)).isLessThan(gradient);
      assertThat(result.gradients().values())
          .allSatisfy(tensor -> assertThat(tensor.getDataType()).isEqualTo(DataType.FLOAT32));
    }
  }

  private static double relativeError(
      Map<String, NDArray> gradients, Map<String, NDArray> expected) {
    double distance = 0;
    double norm = 0;
    for (Map.Entry<String, NDArray> gradient : gradients.entrySet()) {
      NDArray reference = expected.get("grad." + gradient.getKey());
      distance += gradient.getValue().sub(reference).square().sum().getFloat();
      norm += reference.square().sum().getFloat();
    }

    return Math.sqrt(distance / norm);
  }
}
