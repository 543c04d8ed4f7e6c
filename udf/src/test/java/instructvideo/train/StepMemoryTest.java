package instructvideo.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import instructvideo.nn.TorchEngine;
import instructvideo.optim.AdamW;
import instructvideo.optim.Optimizer;
import instructvideo.testing.GoldenCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The resident memory of a process that trains, in a JVM whose heap is wholly resident at once. */
class StepMemoryTest {

  private static final int STEPS = 200;
  private static final int EVERY = 50;
  private static final long GROWTH = 16 * 1024; // kB, from step 50 to step 200

  @Test
  void twoHundredStepsDoNotGrow() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Steps.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    assertThat(exitCode).as(output).isZero();
    List<Long> resident =
        output.lines().filter(line -> line.matches("\\d+")).map(Long::parseLong).toList();
    System.out.printf("resident after every %d steps, kB: %s%n", EVERY, resident);

    assertThat(resident).as(output).hasSize(STEPS / EVERY);
    assertThat(resident.get(resident.size() - 1) - resident.get(0)).isLessThan(GROWTH);
  }

  /** The process that is measured: prints its resident kilobytes after every 50 steps. */
  static final class Steps {

    private Steps() {}

    public static void main(String[] arguments) throws IOException {
      TorchEngine.start(1);
      TorchEngine.stopRecording();
      try (NDManager manager = NDManager.newBaseManager("PyTorch");
          AdamW optimizer =
              new AdamW(GoldenCase.ADAMW, new Optimizer.Moments(Map.of(), Map.of()), 0)) {
        GoldenCase golden = new GoldenCase("tall", manager, false);
        TrainStep step = golden.shortStep();
        Sample sample = golden.sample();
        for (int i = 1; i <= STEPS; i++) {
          StepResult result = step.run(sample, golden.adapter);
          optimizer.step(golden.adapter.weights(), result.gradients(), golden.number("lr"));
          result.chain().close();
          if (i % EVERY == 0) {
            System.out.println(residentKilobytes());
          }
        }
      }
    }

    private static long residentKilobytes() throws IOException {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }
}
