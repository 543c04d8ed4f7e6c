package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bench rounds says must follow from what rounds are. */
class BenchRoundsIT {

  @TempDir private Path temp;

  @Test
  void everyWorkerMovesOneStateAndTheDriverHoldsOne() throws IOException {
    Path out = temp.resolve("out");
    Cli.Result result =
        Cli.run(
            List.of(
                "bench",
                "rounds",
                "--partitions",
                "2,5",
                "--state-mb",
                "4",
                "--steps",
                "2",
                "--local-steps",
                "3",
                "--step-seconds",
                "0.1",
                "--out",
                out.toString(),
                "--master",
                "local[2]"));
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonObject> lines =
        result.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertThat(lines).extracting(line -> line.get("partitions").getAsInt()).containsExactly(2, 5);
    for (JsonObject line : lines) {
      int partitions = line.get("partitions").getAsInt();
      double state = line.get("state_mb").getAsDouble();
      assertThat(state).isCloseTo(4, within(0.1));
      double samples = partitions * 3 * 0.58; // of 16 frames of 256 x 256
      assertThat(line.get("shuffle_write_mb").getAsDouble())
          .isBetween(partitions * state * 0.85, partitions * state * 1.1 + samples);
      assertThat(line.get("shuffle_read_mb")).isEqualTo(line.get("shuffle_write_mb"));
      assertThat(line.get("to_driver_mb").getAsDouble()).isBetween(state * 0.9, state * 1.2);
      assertThat(line.get("checkpoint_mb").getAsDouble()).isBetween(state, state * 1.1);
      assertThat(line.get("simulated_s").getAsDouble()) // two at a time
          .isCloseTo(Math.ceil(partitions / 2.0) * 0.3, within(1e-9));
      assertThat(line.get("overhead_s").getAsDouble()).isBetween(0.0, 60.0);
      assertThat(line.get("driver_live_heap_mb").getAsDouble()).isGreaterThan(1);
    }

    assertThat(out).isEmptyDirectory();
  }

  /** It removes what it writes: that must not be somebody's run. */
  @Test
  void leavesRunsAlone() throws IOException {
    Path checkpoint = temp.resolve("run/checkpoints/round-00001/manifest.json");
    Files.createDirectories(checkpoint.getParent());
    Files.writeString(checkpoint, "{}");
    String run = temp.resolve("run").toString();
    Cli.Result result = Cli.run(List.of("bench", "rounds", "--partitions", "2", "--out", run));
    assertThat(result.code()).isEqualTo(Main.USAGE);
    assertThat(result.err()).contains("Cannot write to " + run + ": it is there and not empty");
    assertThat(checkpoint).hasContent("{}");
  }
}
