package instructvideo.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraState;
import instructvideo.train.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  private static final LoraConfig LORA = new LoraConfig(1, 2, List.of("to_q"));

  @TempDir private Path temp;
  private Path root;
  private RunDirectory directory;

  @BeforeEach
  void setUp() throws IOException {
    root = temp.resolve("run");
    directory = new RunDirectory(root.toString());
  }

  @Test
  void checkpointComesBackBitForBit() throws IOException {
    Checkpoint written = checkpoint(3);
    directory.commit(written, 0);

    Checkpoint read = directory.latest().orElseThrow();

    assertThat(read.seed()).isEqualTo(5);
    assertThat(read.lora()).isEqualTo(LORA);
    assertThat(read.state().step()).isEqualTo(written.state().step());
    assertThat(read.state().position()).isEqualTo(written.state().position());
    assertThat(read.state().lora().weights().get("unet.a.to_q.lora_A.weight"))
        .containsExactly(3, 0.1f);
    assertThat(read.state().lora().shapes().get("unet.a.to_q.lora_A.weight")).containsExactly(1, 2);
    assertThat(read.state().expAvgSq().get("unet.a.to_q.lora_A.weight")).containsExactly(3e-12f, 7);
    assertThat(read.state().outerMomentum()).isEmpty();
  }

  @Test
  void sameStateIsTheSameBytes() throws IOException {
    SortedMap<String, byte[]> once = checkpoint(3).toFiles();
    SortedMap<String, byte[]> again = checkpoint(3).toFiles();

    once.forEach((name, bytes) -> assertThat(again.get(name)).isEqualTo(bytes));
  }

  @Test
  void oldCheckpointsAreRemoved() throws IOException {
    for (int round = 1; round <= 4; round++) {
      directory.commit(checkpoint(round), 2);
    }

    assertThat(directory.committedRounds()).containsExactly(4, 3);
  }

  @Test
  void checkpointWithoutManifestIsNone() throws IOException {
    directory.commit(checkpoint(1), 0);
    directory.commit(checkpoint(2), 0);
    Files.delete(root.resolve("checkpoints/round-00002/manifest.json"));

    assertThat(directory.latest().orElseThrow().state().round()).isOne();
  }

  @Test
  void damagedCheckpointIsPassedOver() throws IOException {
    directory.commit(checkpoint(1), 0);
    directory.commit(checkpoint(2), 0);
    Path adapter = root.resolve("checkpoints/round-00002/adapter.safetensors");
    byte[] bytes = Files.readAllBytes(adapter);
    bytes[bytes.length - 1] ^= 1;
    Files.write(adapter, bytes);
    Files.deleteIfExists(adapter.resolveSibling(".adapter.safetensors.crc"));

    assertThat(directory.latest().orElseThrow().state().round()).isOne();
  }

  @Test
  void checkpointsThatAreAllDamagedAreNoNewRun() throws IOException {
    directory.commit(checkpoint(1), 0);
    Files.writeString(root.resolve("checkpoints/round-00001/manifest.json"), "");

    assertThatThrownBy(directory::latest)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("none of its checkpoints (rounds [1]) is whole; bring one back");
  }

  /** Else a store that is away for a minute would cost all rounds. */
  @Test
  void checkpointThatCannotBeReadIsNotPassedOver() throws IOException {
    directory.commit(checkpoint(1), 0);
    directory.commit(checkpoint(2), 0);
    Path adapter = root.resolve("checkpoints/round-00002/adapter.safetensors");
    Files.delete(adapter);
    Files.createSymbolicLink(adapter, Path.of("/proc/self/mem")); // an error of the disk

    assertThatThrownBy(directory::latest)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Cannot read the checkpoint " + directory.root() + "/checkpoints/")
        .hasMessageContaining("round-00002: IOException: Input/output error; wait for the store");
  }

  @Test
  void checkpointOfAnotherRoundIsPassedOver() throws IOException {
    directory.commit(checkpoint(1), 0);
    directory.commit(checkpoint(2), 0);
    Path last = root.resolve("checkpoints/round-00002");
    for (String file : List.of("adapter.safetensors", "moments.safetensors", "state.json")) {
      Files.deleteIfExists(last.resolve("." + file + ".crc"));
      Path first = root.resolve("checkpoints/round-00001").resolve(file);
      Files.copy(first, last.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    Files.copy(
        root.resolve("checkpoints/round-00001/manifest.json"),
        last.resolve("manifest.json"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(directory.latest().orElseThrow().state().round()).isOne();
    directory.commit(checkpoint(2), 0);
    assertThat(directory.latest().orElseThrow().state().round()).isEqualTo(2);
  }

  @Test
  void otherConfigurationIsShown() {
    RunRecord started = record("lora.rank", "4", "unet", "aa");
    RunRecord now = record("lora.rank", "8", "unet", "bb");

    SortedMap<String, String> defaults = new TreeMap<>(Map.of("lora.rank", "8"));
    assertThatThrownBy(() -> now.checkSame(started, defaults, "runs/x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("runs/x")
        .hasMessageContaining("lora.rank was 4, is 8")
        .hasMessageContaining("unet was aa, is bb");
    started.checkSame(record("lora.rank", "4", "unet", "aa"), defaults, "runs/x");
  }

  @Test
  void settingThatCameLaterIsAtItsDefault() {
    RunRecord started = record("lora.rank", "4", "unet", "aa");
    SortedMap<String, String> settings = new TreeMap<>(started.settings());
    settings.put("train.method", "rwr");
    RunRecord now =
        new RunRecord(RunRecord.FORMAT, settings, started.fingerprints(), started.paths());

    now.checkSame(started, new TreeMap<>(Map.of("train.method", "rwr")), "runs/x");
    SortedMap<String, String> defaults = new TreeMap<>(Map.of("train.method", "ddpo"));
    assertThatThrownBy(() -> now.checkSame(started, defaults, "runs/x"))
        .hasMessageContaining("train.method was ddpo, is rwr");
  }

  private static RunRecord record(String key, String value, String part, String fingerprint) {
    return new RunRecord(
        RunRecord.FORMAT,
        new TreeMap<>(Map.of(key, value)),
        new TreeMap<>(Map.of(part, fingerprint)),
        new TreeMap<>());
  }

  private static Checkpoint checkpoint(int round) {
    String a = "unet.a.to_q.lora_A.weight";
    String b = "unet.a.to_q.lora_B.weight";
    LoraState lora =
        new LoraState(
            new TreeMap<>(Map.of(a, new long[] {1, 2}, b, new long[] {1, 1})),
            new TreeMap<>(Map.of(a, new float[] {round, 0.1f}, b, new float[] {-round})));
    SortedMap<String, float[]> moments =
        new TreeMap<>(Map.of(a, new float[] {round * 1e-12f, 7}, b, new float[] {1}));
    TrainState state =
        new TrainState(lora, moments, moments, new TreeMap<>(), round * 4, round, round * 16L);
    return new Checkpoint(state, LORA, 5);
  }
}
