package instructvideo.job.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import instructvideo.format.FloatTensors;
import instructvideo.format.StoredTensor;
import instructvideo.format.StoredTensors;
import instructvideo.job.config.Settings;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.run.RunRecord;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraNames;
import instructvideo.lora.LoraState;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.testing.Fixtures;
import instructvideo.train.TrainState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportCommandTest {

  private static final LoraConfig LORA =
      new LoraConfig(2, 6, List.of("to_q", "to_k", "to_v", "to_out.0"));
  private static final String LAYER = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k";

  @TempDir private Path temp;
  private Path pipeline;
  private Path run;
  private Path out;

  @BeforeEach
  void setUp() {
    pipeline = Fixtures.path("cases/square/pipeline");
    run = temp.resolve("run");
    out = temp.resolve("exported/adapter");
  }

  @Test
  void peftDirectoryHasItsNamesAndConfig() throws Exception {
    writeRun();

    export("peft");

    assertThat(names(out)).containsExactly("adapter_config.json", "adapter_model.safetensors");
    JsonObject config =
        JsonParser.parseString(Files.readString(out.resolve("adapter_config.json")))
            .getAsJsonObject();
    assertThat(config.get("peft_type").getAsString()).isEqualTo("LORA");
    assertThat(config.get("r")).hasToString("2");
    assertThat(config.get("lora_alpha")).hasToString("6");
    assertThat(config.get("use_rslora").getAsBoolean()).isFalse();
    assertThat(config.get("base_model_name_or_path").getAsString()).isEqualTo(pipeline.toString());
    assertThat(config.getAsJsonArray("target_modules").asList())
        .extracting(Object::toString)
        .containsExactly("\"to_q\"", "\"to_k\"", "\"to_v\"", "\"to_out.0\"");
    LoraState lora = lora(2);
    FloatTensors weights = read("adapter_model.safetensors");
    assertThat(weights.metadata()).containsEntry("format", "pt");
    assertThat(weights.values()).hasSameSizeAs(lora.weights());
    lora.weights()
        .forEach(
            (name, values) -> {
              String key = "base_model.model." + name.substring("unet.".length());
              assertThat(weights.values().get(key)).as(key).isEqualTo(values);
              assertThat(weights.shapes().get(key)).as(key).isEqualTo(lora.shapes().get(name));
            });
  }

  @Test
  void diffusersFileHasTheScaleInB() throws Exception {
    writeRun();

    export("diffusers");

    assertThat(names(out)).containsExactly("pytorch_lora_weights.safetensors");
    FloatTensors weights = read("pytorch_lora_weights.safetensors");
    LoraState lora = lora(2);
    assertThat(weights.values().keySet()).isEqualTo(lora.weights().keySet());
    lora.weights()
        .forEach(
            (name, values) -> {
              float scale = LoraNames.isLoraA(name) ? 1 : 3;
              for (int i = 0; i < values.length; i++) {
                assertThat(weights.values().get(name)[i]).as(name).isEqualTo(scale * values[i]);
              }
            });
  }

  @ParameterizedTest
  @CsvSource({"square, 6e-8", "tall, 5e-4"}) // float32 and float16
  void mergedLayerIsTheLayerWithItsUpdate(String name, double ulp) throws Exception {
    pipeline = Fixtures.path("cases/" + name + "/pipeline");
    writeRun();

    export("merged");

    assertThat(names(out)).containsExactly("config.json", "diffusion_pytorch_model.safetensors");
    assertThat(out.resolve("config.json"))
        .hasSameBinaryContentAs(pipeline.resolve("unet/config.json"));
    SortedMap<String, StoredTensor> before = StoredTensors.read(pipeline.resolve("unet")).byName();
    SortedMap<String, StoredTensor> after = StoredTensors.read(out).byName();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    LoraState lora = lora(2);
    for (String tensor : before.keySet()) {
      assertThat(after.get(tensor).type()).isEqualTo(before.get(tensor).type());
      assertThat(after.get(tensor).shape()).isEqualTo(before.get(tensor).shape());
      String module = tensor.replaceFirst("\\.weight$", "");
      if (!lora.weights().containsKey(LoraNames.loraA(module))) {
        assertThat(bytes(after.get(tensor))).as(tensor).isEqualTo(bytes(before.get(tensor)));
        continue;
      }

      float[] x = gaussians("x", (int) before.get(tensor).shape()[1]);
      double[] expected = adapted(before.get(tensor).floats(), lora, module, x);
      double[] actual = multiply(after.get(tensor).floats(), x);
      double norm = norm(x) * norm(after.get(tensor).floats());
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i])).as(tensor).isLessThan(ulp * norm);
      }
    }
  }

  @Test
  void anEarlierRoundCanBeChosen() throws Exception {
    writeRun();

    export("peft", "export.round", "1");

    String key = "base_model.model." + LAYER + ".lora_A.weight";
    assertThat(read("adapter_model.safetensors").values().get(key))
        .isEqualTo(lora(1).weights().get(LoraNames.loraA(LAYER)))
        .isNotEqualTo(lora(2).weights().get(LoraNames.loraA(LAYER)));
  }

  @Test
  void anotherUNetIsRefused() throws IOException {
    writeRun();
    Path other = Fixtures.path("cases/wide/pipeline");

    refused("it was trained on another UNet", "merged", "model", other.toString());
    refused(pipeline.toString(), "peft", "model", other.toString());
    refused("no such directory", "merged", "model", temp.resolve("nowhere").toString());
  }

  @Test
  void runThatIsNotThereIsRefused() throws IOException {
    refused("no run.json there", "peft");
    new RunDirectory(run.toString()).write(record());
    refused("it has no checkpoint yet", "peft");
  }

  @Test
  void missingRoundNamesThoseThatAreThere() throws IOException {
    writeRun();

    refused("give a --round of [2, 1]", "peft", "export.round", "7");
  }

  @Test
  void changedCheckpointIsRefused() throws IOException {
    writeRun();
    Path adapter = run.resolve("checkpoints/round-00002/adapter.safetensors");
    byte[] bytes = Files.readAllBytes(adapter);
    bytes[bytes.length - 1] ^= 1;
    Files.write(adapter, bytes);
    Files.deleteIfExists(adapter.resolveSibling(".adapter.safetensors.crc"));

    refused("its files are not what its manifest says", "peft");
  }

  @Test
  void unknownFormatIsRefused() throws IOException {
    writeRun();

    refused("kohya", "kohya");
  }

  @Test
  void directoryInUseIsRefusedAndKept() throws IOException {
    writeRun();
    Files.createDirectories(out);
    Files.writeString(out.resolve("mine.txt"), "mine");

    assertThatThrownBy(() -> export("peft"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it is there and not empty");

    assertThat(names(out)).containsExactly("mine.txt");
    assertThat(names(out.getParent())).containsExactly("adapter");
  }

  @Test
  void emptyDirectoryIsFilled() throws Exception {
    writeRun();
    Files.createDirectories(out);

    export("diffusers");

    assertThat(names(out)).containsExactly("pytorch_lora_weights.safetensors");
    assertThat(names(out.getParent())).containsExactly("adapter");
  }

  private void refused(String text, String format, String... more) {
    assertThatThrownBy(() -> export(format, more))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(text);
    assertThat(out.getParent())
        .satisfiesAnyOf(
            parent -> assertThat(parent).doesNotExist(),
            parent -> assertThat(parent).isEmptyDirectory());
  }

  private void export(String format, String... more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("export.run", run.toString());
    settings.put("export.format", format);
    settings.put("out", out.toString());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }

    assertThat(new ExportCommand().run(Settings.load("", "", settings))).isZero();
  }

  /** Two rounds with all weights other than zero. */
  private void writeRun() throws IOException {
    RunDirectory directory = new RunDirectory(run.toString());
    directory.write(record());
    for (int round = 1; round <= 2; round++) {
      LoraState lora = lora(round);
      SortedMap<String, float[]> none = new TreeMap<>();
      TrainState state = new TrainState(lora, none, none, none, round, round, round);
      directory.commit(new Checkpoint(state, LORA, 0), 0);
    }
  }

  private RunRecord record() throws IOException {
    return new RunRecord(
        1,
        new TreeMap<>(),
        new TreeMap<>(Map.of("unet", Fingerprint.of(pipeline.resolve("unet")))),
        new TreeMap<>(Map.of("model", pipeline.toString())));
  }

  private LoraState lora(int round) throws IOException {
    Map<String, long[]> shapes = new HashMap<>();
    StoredTensors.read(pipeline.resolve("unet"))
        .byName()
        .forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    LoraState begin = LoraState.init(LORA, shapes, 0);
    SortedMap<String, float[]> weights = new TreeMap<>();
    begin
        .weights()
        .forEach((name, values) -> weights.put(name, gaussians(name + round, values.length)));
    return begin.with(weights);
  }

  private FloatTensors read(String name) throws IOException {
    return FloatTensors.read(Files.readAllBytes(out.resolve(name)));
  }

  /** W x + alpha / rank * B (A x). */
  private static double[] adapted(float[] weight, LoraState lora, String module, float[] x) {
    float[] down = lora.weights().get(LoraNames.loraA(module));
    float[] up = lora.weights().get(LoraNames.loraB(module));
    double[] inner = multiply(down, x);
    double[] result = multiply(weight, x);
    for (int i = 0; i < up.length; i++) {
      result[i / LORA.rank()] += 3 * up[i] * inner[i % LORA.rank()];
    }

    return result;
  }

  private static double[] multiply(float[] matrix, float[] x) {
    double[] product = new double[matrix.length / x.length];
    for (int i = 0; i < matrix.length; i++) {
      product[i / x.length] += (double) matrix[i] * x[i % x.length];
    }

    return product;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }

    return Math.sqrt(sum);
  }

  private static float[] gaussians(String key, int count) {
    return CounterRandom.of(0, 0, key, 0, Purpose.LORA_INIT).gaussians(count);
  }

  private static byte[] bytes(StoredTensor tensor) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    tensor.writeTo(Channels.newChannel(bytes));
    return bytes.toByteArray();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
