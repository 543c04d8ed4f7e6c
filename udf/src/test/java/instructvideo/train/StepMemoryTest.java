package instructvideo.train;

import ai.djl.ndarray.NDManager;
import instructvideo.nn.TorchEngine;
import instructvideo.optim.AdamW;
import instructvideo.optim.Optimizer;
import instructvideo.testing.GoldenCase;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

class StepMemoryTest {
  private static final int STEPS = 200;
  private static final int EVERY = 50;
  private static final long GROWTH = 16384L;

  @Test
  void twoHundredStepsDoNotGrow() throws Exception {
    ProcessBuilder var1 =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms96m",
            "-Xmx96m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            StepMemoryTest.Steps.class.getName());
    Process var2 = var1.redirectError(Redirect.DISCARD).start();
    String var3 = new String(var2.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var2.waitFor();
    List var4 = var3.lines().filter(var0 -> var0.matches("\\d+")).map(Long::parseLong).toList();
    ((ListAssert) Assertions.assertThat(var4).as(var3, new Object[0])).hasSize(4);
    System.out.println("resident after every EVERY steps, kB: " + var4);
    Assertions.assertThat((Long) var4.get(var4.size() - 1) - (Long) var4.get(0)).isLessThan(GROWTH);
  }

  static final class Steps {
    private Steps() {}

    public static void main(String[] var0) throws IOException {
      TorchEngine.start(1);
      TorchEngine.stopRecording();
      NDManager var1 = NDManager.newBaseManager("PyTorch");

      try (AdamW var2 = new AdamW(GoldenCase.ADAMW, new Optimizer.Moments(Map.of(), Map.of()), 0)) {
        GoldenCase var3 = new GoldenCase("tall", var1, false);
        TrainStep var4 = var3.shortStep();
        Sample var5 = var3.sample();

        for (int var6 = 1; var6 <= STEPS; var6++) {
          StepResult var7 = var4.run(var5, var3.adapter);
          var2.step(var3.adapter.weights(), var7.gradients(), var3.number("lr"));
          var7.chain().close();
          if (var6 % EVERY == 0) {
            System.out.println(residentKilobytes());
          }
        }
      } catch (Throwable var11) {
        if (var1 != null) {
          try {
            var1.close();
          } catch (Throwable var8) {
            var11.addSuppressed(var8);
          }
        }

        throw var11;
      }

      if (var1 != null) {
        var1.close();
      }
    }

    private static long residentKilobytes() throws IOException {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(var0 -> var0.startsWith("VmRSS:"))
          .mapToLong(var0 -> Long.parseLong(var0.replaceAll("\\D", "")))
          .sum();
    }
  }
}
