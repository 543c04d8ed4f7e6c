package instructvideo.job.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.error.InvalidInputException;
import instructvideo.format.FloatTensors;
import instructvideo.job.AdapterRuns;
import instructvideo.job.config.Settings;
import instructvideo.job.export.ExportCommand;
import instructvideo.lora.LoraNames;
import instructvideo.lora.LoraState;
import instructvideo.testing.Fixtures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredAdapterTest {

  private static final String LAYER = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k";

  @TempDir private Path temp;
  private final Path pipeline = Fixtures.path("cases/square/pipeline");
  private LoraState lora;

  @BeforeEach
  void writeRun() throws IOException {
    lora = AdapterRuns.write(path("run"), pipeline, 0);
  }

  private String path(String name) {
    return temp.resolve(name).toString();
  }

  private String export(String format) throws Exception {
    Map<String, String> settings =
        Map.of("export.run", path("run"), "export.format", format, "out", path(format));
    assertThat(new ExportCommand().run(Settings.load("", "", settings))).isZero();
    return path(format);
  }

  private static void assertSame(StoredAdapter read, LoraState lora) {
    assertThat(read.lora().weights().keySet()).isEqualTo(lora.weights().keySet());
    lora.weights()
        .forEach(
            (name, values) -> {
              assertThat(read.lora().shapes().get(name)).isEqualTo(lora.shapes().get(name));
              double factor = LoraNames.isLoraA(name) ? 1 : 3 / read.scale();
              for (int i = 0; i < values.length; i++) {
                assertThat(read.lora().weights().get(name)[i])
                    .as(name)
                    .isEqualTo((float) (values[i] * factor));
              }
            });
  }

  @Test
  void everyFormatIsReadBack() throws Exception {
    StoredAdapter run = StoredAdapter.read(path("run"));
    StoredAdapter peft = StoredAdapter.read(export("peft"));
    String directory = export("diffusers");
    StoredAdapter diffusers = StoredAdapter.read(directory);

    assertThat(run.scale()).isEqualTo(3);
    assertThat(peft.scale()).isEqualTo(3);
    assertThat(diffusers.scale()).isEqualTo(1);
    assertSame(run, lora);
    assertSame(peft, lora);
    assertSame(diffusers, lora);
    assertSame(StoredAdapter.read(directory + "/pytorch_lora_weights.safetensors"), lora);
    assertThat(run.withStrength(1).id())
        .isEqualTo(peft.withStrength(0.5).id())
        .isNotEqualTo(diffusers.withStrength(1).id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_rslora\": false|\"use_rslora\": true|4.242640687119286",
        "\"lora_alpha\": 6|\"lora_alpha\": 1|0.5",
      })
  void scaleIsThatOfPeft(String from, String to, double scale) throws Exception {
    String peft = export("peft");
    change(from, to);
    assertThat(StoredAdapter.read(peft).scale()).isCloseTo(scale, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"peft_type\": \"LORA\"|\"peft_type\": \"IA3\"|peft_type is \"IA3\"; read here is LORA",
        "\"use_dora\": false|\"use_dora\": true|use_dora is true; read here: false",
        "\"rank_pattern\": {}|\"rank_pattern\": {\"to_q\": 8}|rank_pattern is {\"to_q\":8}",
        "\"r\": 2|\"r\": 0|lora_alpha / r is no number",
        "\"r\": 2|\"r\": \"two\"|not PEFT's config of an adapter",
        "{|{{|not PEFT's config of an adapter"
      })
  void whatItCannotMeanIsRefused(String from, String to, String message) throws Exception {
    String peft = export("peft");
    change(from, to);
    refused(peft, message);
  }

  private void change(String from, String to) throws IOException {
    Path file = temp.resolve("peft/adapter_config.json");
    String config = Files.readString(file);
    assertThat(config).contains(from);
    Files.writeString(file, config.replace(from, to));
    Files.deleteIfExists(temp.resolve("peft/.adapter_config.json.crc"));
  }

  private void refused(String uri, String message) {
    assertThatThrownBy(() -> StoredAdapter.read(uri))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(temp.toString());
  }

  @Test
  void whatIsNoAdapterIsRefused() throws Exception {
    String peft = export("peft");
    Path weights = Path.of(peft, "adapter_model.safetensors");
    Files.move(weights, weights.resolveSibling("adapter_model.bin"));
    refused(peft, "adapter_model.bin is a pickle, save it again with safe_serialization=True");
    refused(peft + "/adapter_model.bin", "is no .safetensors");
    Files.delete(weights.resolveSibling("adapter_model.bin"));
    refused(peft, "no adapter_model.safetensors there");
    refused(path("nowhere"), "no such file or directory");
    Files.createDirectory(temp.resolve("empty"));
    refused(path("empty"), "none of run.json (a run of train), adapter_config.json (PEFT) and");
    Files.writeString(temp.resolve("text.safetensors"), "text");
    refused(path("text.safetensors"), "no safetensors file");
  }

  /** As diffusers saves it with unet_lora_adapter_metadata, and reads it again. */
  @Test
  void metadataOfDiffusersIsTheScale() throws Exception {
    Path file = Path.of(export("diffusers"), "pytorch_lora_weights.safetensors");
    FloatTensors tensors = FloatTensors.read(Files.readAllBytes(file));
    tensors.metadata().put("lora_adapter_metadata", "{\"unet.r\": 2, \"unet.lora_alpha\": 8}");
    Path other = temp.resolve("other.safetensors");
    try (OutputStream out = Files.newOutputStream(other)) {
      tensors.write(out);
    }

    assertThat(StoredAdapter.read(other.toString()).scale()).isEqualTo(4);
  }

  @Test
  void foreignNamesAndHalvesAreRefused() throws IOException {
    String loraA = LoraNames.loraA(LAYER);
    refusedWeights(Map.of("unet." + LAYER + ".alpha", new long[] {1}), "is no update of a linear");
    refusedWeights(Map.of(loraA, new long[] {2, 16}), "lora_B null");
    refusedWeights(
        Map.of(loraA, new long[] {2, 16}, LoraNames.loraB(LAYER), new long[] {8, 4}),
        "lora_A is [2, 16] and lora_B [8, 4]; must be (rank, in) and (out, rank)");
  }

  private void refusedWeights(Map<String, long[]> shapes, String message) throws IOException {
    SortedMap<String, float[]> values = new TreeMap<>();
    shapes.forEach(
        (name, shape) -> {
          int size = 1;
          for (long length : shape) {
            size *= (int) length;
          }

          values.put(name, new float[size]);
        });
    Path file = temp.resolve(values.hashCode() + ".safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      new FloatTensors(new TreeMap<>(shapes), values, new TreeMap<>()).write(out);
    }

    refused(file.toString(), message);
  }

  @Test
  void anotherUNetIsRefused() throws IOException {
    StoredAdapter adapter = StoredAdapter.read(path("run"));
    SortedMap<String, long[]> shapes = new TreeMap<>(TextToVideoPipeline.unetShapes(pipeline));
    adapter.check(shapes, "model");
    shapes.put(LAYER + ".weight", new long[] {16, 24});
    assertThatThrownBy(() -> adapter.check(shapes, "model"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "of %s, lora_A is [2, 16] and lora_B [16, 2], the UNet's layer [16, 24]"
                .formatted(LAYER));
    shapes.remove(LAYER + ".weight");
    assertThatThrownBy(() -> adapter.check(shapes, "model"))
        .hasMessageContaining("its layer " + LAYER + " is not in the UNet");
  }
}
