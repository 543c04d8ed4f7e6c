package instructvideo.job.reference;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.format.StoredTensor;
import instructvideo.format.StoredTensors;
import instructvideo.job.config.Settings;
import instructvideo.testing.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyIT {

  private static final String LAYER =
      "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_v.lora_B.weight";

  @TempDir private Path temp;

  /** What the command ends with and prints. */
  private record Result(int code, String out) {}

  @ParameterizedTest
  @ValueSource(strings = {"square", "wide", "tall"})
  void committedCasePasses(String name) throws Exception {
    Path directory = Fixtures.path("cases/" + name);
    Path out = temp.resolve("actual.safetensors");

    Result result = verify(directory, Map.of("out", out.toString()));

    assertThat(result.code()).as(result.out()).isZero();
    SortedMap<String, StoredTensor> expected = expected(directory);
    assertThat(result.out())
        .contains("verified: all " + expected.size() + " tensors are within tolerance")
        .doesNotContain("FAIL");
    SortedMap<String, StoredTensor> actual = StoredTensors.read(out).byName();
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (tensor, stored) -> {
          assertThat(actual.get(tensor).type()).as(tensor).isEqualTo(stored.type());
          assertThat(actual.get(tensor).shape()).as(tensor).isEqualTo(stored.shape());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"square", "wide", "tall"})
  void committedCasePassesWithTheRewardInHuggingFacesLayout(String name) throws Exception {
    Path directory = Fixtures.path("cases/" + name);
    String reward = directory.resolve("reward/hf").toString();

    Result result = verify(directory, Map.of("reward.checkpoints.clip", reward));

    assertThat(result.code()).as(result.out()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "unet.eps_first, unet.eps_first",
    "reward.score, reward.score",
    "grad." + LAYER + ", grad.*",
    "adamw." + LAYER + ", adamw.*",
    "tokenizer.input_ids, tokenizer.input_ids"
  })
  void oneChangedNumberIsNamed(String tensor, String group) throws Exception {
    Path directory = copyOfTall();
    change(directory, tensor);

    Result result = verify(directory, Map.of());

    assertThat(result.code()).as(result.out()).isOne();
    List<String> failed =
        result.out().lines().filter(line -> line.matches(".* FAIL\\b.*")).toList();
    assertThat(failed)
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).startsWith(group).contains(tensor));
    assertThat(result.out()).contains("FAILED: " + failed.size() + " of the lines above");
  }

  @Test
  void aTensorMoreOrLessIsNamed() throws Exception {
    Path directory = copyOfTall();
    Path file = directory.resolve("expected.safetensors");
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(
        file, text.replace("\"vae.latents\"", "\"vae.latentz\""), StandardCharsets.ISO_8859_1);

    Result result = verify(directory, Map.of());

    assertThat(result.code()).isOne();
    assertThat(result.out())
        .containsPattern("vae\\.latents .*FAIL.*not in expected\\.safetensors")
        .containsPattern("vae\\.latentz .*FAIL.*not computed from this case");
  }

  private static Result verify(Path directory, Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("verify.case-dir", directory.toString());
    settings.put("threads", "2");
    PrintStream out = System.out;
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try (PrintStream printed = new PrintStream(kept, true, StandardCharsets.UTF_8)) {
      System.setOut(printed);
      int code = new VerifyCommand().run(Settings.load("", "", settings));
      return new Result(code, kept.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
    }
  }

  private static SortedMap<String, StoredTensor> expected(Path directory) throws IOException {
    return StoredTensors.read(directory.resolve("expected.safetensors")).byName();
  }

  /** A little, of the tensor's number of largest magnitude: 1% of it, a tenth of a step, one id. */
  private static void change(Path directory, String name) throws IOException {
    StoredTensor tensor = expected(directory).get(name);
    Path file = directory.resolve("expected.safetensors");
    byte[] all = Files.readAllBytes(file);
    ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    int begin = Math.toIntExact(tensor.offset());
    if (tensor.type().equals("I64")) {
      bytes.putLong(begin + Long.BYTES, bytes.getLong(begin + Long.BYTES) + 1);
    } else {
      int at = largest(expected(directory).get(name.replace("adamw.", "grad.")).floats());
      at = begin + Float.BYTES * at;
      float value = bytes.getFloat(at);
      bytes.putFloat(at, name.startsWith("adamw.") ? value + 1e-4f : value * 1.01f);
    }

    Files.write(file, all);
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
    }

    return largest;
  }

  private Path copyOfTall() throws IOException {
    Path from = Fixtures.path("cases/tall");
    Path copy = temp.resolve("tall");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(from.relativize(file).toString()));
      }
    }

    return copy;
  }
}
