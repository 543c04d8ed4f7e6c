package instructvideo.job.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.config.Settings;
import instructvideo.testing.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchStepTest {

  @Test
  void printsOneLineOfJson() throws Exception {
    String tall = Fixtures.path("cases/tall").toString();

    long residentBefore = megabytes("/proc/self/status", "VmRSS:");

    String printed = bench(tall);

    assertThat(printed).hasLineCount(1).endsWith(System.lineSeparator());
    JsonObject line = JsonParser.parseString(printed).getAsJsonObject();
    assertThat(line.keySet())
        .containsExactly(
            "case",
            "steps",
            "threads",
            "median_s",
            "chain_s",
            "reward_s",
            "backward_s",
            "optimizer_s",
            "peak_rss_mb");
    assertThat(line.get("case").getAsString()).isEqualTo(tall);
    assertThat(line.get("steps").getAsInt()).isOne();
    assertThat(line.get("threads").getAsInt()).isPositive();
    double sum = 0;
    for (String phase : List.of("chain_s", "reward_s", "backward_s", "optimizer_s")) {
      assertThat(line.get(phase).getAsDouble()).as(phase).isPositive();
      sum += line.get(phase).getAsDouble();
    }

    // of one step the median by phase is the step itself, but for four roundings
    assertThat(line.get("median_s").getAsDouble()).isCloseTo(sum, within(3e-4));
    assertThat(line.get("peak_rss_mb").getAsLong())
        .isBetween(residentBefore, megabytes("/proc/meminfo", "MemTotal:"));
  }

  private static String bench(String directory) throws Exception {
    Settings settings =
        Settings.load(
            "", "", Map.of("verify.case-dir", directory, "bench.steps", "1", "threads", "2"));
    PrintStream out = System.out;
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try (PrintStream printed = new PrintStream(kept, true, StandardCharsets.UTF_8)) {
      System.setOut(printed);
      assertThat(new BenchStepCommand().run(settings)).isZero();
      return kept.toString(StandardCharsets.UTF_8);
    } finally {
      System.setOut(out);
    }
  }

  private static long megabytes(String file, String key) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
