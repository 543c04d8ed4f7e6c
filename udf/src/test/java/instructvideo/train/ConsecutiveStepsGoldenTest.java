package instructvideo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import instructvideo.nn.TorchEngine;
import instructvideo.optim.AdamW;
import instructvideo.optim.Optimizer;
import instructvideo.testing.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten steps one after another on one sample have the losses that PyTorch's have. */
class ConsecutiveStepsGoldenTest {

  private static final double TOLERANCE = 5e-6;
  private static final double LEAST_DECREASE = 5e-4; // else ten losses alike would pass

  @ParameterizedTest
  @ValueSource(strings = {"square", "wide", "tall"})
  void losses(String name) throws IOException {
    TorchEngine.start(1);
    TorchEngine.stopRecording();
    Path file = GoldenCase.directory(name).resolve("losses.json");
    double[] losses = new Gson().fromJson(Files.readString(file), double[].class);
    assertThat(losses[losses.length - 1]).isLessThan(losses[0] - LEAST_DECREASE);
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        AdamW optimizer =
            new AdamW(GoldenCase.ADAMW, new Optimizer.Moments(Map.of(), Map.of()), 0)) {
      GoldenCase golden = new GoldenCase(name, manager, false);
      Sample sample = golden.sample();
      double worst = 0;
      for (int i = 0; i < losses.length; i++) {
        StepResult result = golden.step.run(sample, golden.adapter);
        assertThat(result.loss())
            .as("loss before step %d", i)
            .isCloseTo(losses[i], within(TOLERANCE));
        worst = Math.max(worst, Math.abs(result.loss() - losses[i]));
        optimizer.step(golden.adapter.weights(), result.gradients(), golden.number("lr"));
      }

      System.out.printf("%-28s %.1e%n", name + " losses", worst);
    }
  }
}
