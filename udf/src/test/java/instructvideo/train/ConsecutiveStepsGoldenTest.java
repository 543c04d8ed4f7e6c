package instructvideo.train;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import instructvideo.nn.TorchEngine;
import instructvideo.optim.AdamW;
import instructvideo.optim.Optimizer;
import instructvideo.testing.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.assertj.core.api.AbstractDoubleAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsecutiveStepsGoldenTest {
  private static final double TOLERANCE = 5.0E-6;

  @ParameterizedTest
  @ValueSource(strings = {"square", "wide", "tall"})
  void losses(String var1) throws IOException {
    TorchEngine.start(1);
    TorchEngine.stopRecording();
    double[] var2 =
        (double[])
            new Gson()
                .fromJson(
                    Files.readString(GoldenCase.directory(var1).resolve("losses.json")),
                    double[].class);
    NDManager var3 = NDManager.newBaseManager("PyTorch");

    try (AdamW var4 = new AdamW(GoldenCase.ADAMW, new Optimizer.Moments(Map.of(), Map.of()), 0)) {
      GoldenCase var5 = new GoldenCase(var1, var3, false);
      Sample var6 = var5.sample();
      double var7 = 0.0;

      for (int var9 = 0; var9 < var2.length; var9++) {
        StepResult var10 = var5.step.run(var6, var5.adapter);
        ((AbstractDoubleAssert)
                Assertions.assertThat(var10.loss()).as("loss before step %d", new Object[] {var9}))
            .isCloseTo(var2[var9], Assertions.within(5.0E-6));
        var7 = Math.max(var7, Math.abs(var10.loss() - var2[var9]));
        var4.step(var5.adapter.weights(), var10.gradients(), var5.number("lr"));
      }

      System.out.printf("%-28s %.1e%n", var1 + " losses", var7);
    } catch (Throwable var14) {
      if (var3 != null) {
        try {
          var3.close();
        } catch (Throwable var11) {
          var14.addSuppressed(var11);
        }
      }

      throw var14;
    }

    if (var3 != null) {
      var3.close();
    }

    Assertions.assertThat(var2[var2.length - 1]).isLessThan(var2[0] - 5.0E-4);
  }
}
