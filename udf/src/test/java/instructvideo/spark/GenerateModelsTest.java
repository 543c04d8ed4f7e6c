package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.diffusion.SamplerConfig;
import instructvideo.format.FloatTensors;
import instructvideo.format.StoredTensor;
import instructvideo.format.StoredTensors;
import instructvideo.lora.LoraState;
import instructvideo.nn.Precision;
import instructvideo.testing.Fixtures;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoConfig;
import instructvideo.video.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against diffusers and PEFT: fixtures/generated.safetensors, which make_generated.py writes. */
class GenerateModelsTest {

  private static final SamplerConfig DDIM = new SamplerConfig(20, 0.6, 3, 1, "blurry", 0, 0.1);
  private static final SamplerConfig ETA = new SamplerConfig(20, 0.6, 3, 1, "blurry", 0.5, 0.1);

  @AfterAll
  static void release() {
    GenerateWorker.release();
  }

  private static GenerateItem item(String prompt, String adapter) {
    return new GenerateItem("a/../b", prompt, 1, adapter, 4);
  }

  private static LoraState lora() throws IOException {
    FloatTensors tensors =
        FloatTensors.read(
            Files.readAllBytes(Fixtures.path("cases/square").resolve("inputs.safetensors")));
    SortedMap<String, long[]> shapes = new TreeMap<>();
    SortedMap<String, float[]> values = new TreeMap<>();
    for (String key : tensors.shapes().tailMap("lora.").headMap("lora/").keySet()) {
      shapes.put(key.substring("lora.".length()), tensors.shapes().get(key));
      values.put(key.substring("lora.".length()), tensors.values().get(key));
    }

    return new LoraState(shapes, values);
  }

  private static GenerateSetup setup(SamplerConfig sampler, boolean isMerged) throws IOException {
    SortedMap<String, GenerateAdapter> adapters = new TreeMap<>();
    adapters.put("adapted", GenerateAdapter.of(lora(), 1, 1));
    adapters.put("half", GenerateAdapter.of(lora(), 1, 0.5));
    adapters.put("none", GenerateAdapter.of(lora(), 1, 0));
    return new GenerateSetup(
        Fixtures.path("cases/square/pipeline").toString(),
        "square",
        Precision.FLOAT32,
        new VideoConfig(3, 32, 32, 8),
        sampler,
        7,
        adapters,
        isMerged,
        VideoFormat.MP4,
        1);
  }

  private static byte[] pixels(GenerateSetup setup, String adapter) throws IOException {
    List<RgbFrame> frames = GenerateWorker.frames(setup, item("a red panda, surfing", adapter));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.forEach(frame -> all.writeBytes(frame.pixels()));
    return all.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "base, base, 0, false",
    "adapted, adapted, 0, false",
    "adapted, adapted, 0, true",
    "half, half, 0, false",
    "half, half, 0, true",
    "eta, base, 0.5, false"
  })
  void framesAreThoseOfDiffusers(String name, String adapter, double eta, boolean isMerged)
      throws IOException {
    StoredTensor stored =
        StoredTensors.read(Fixtures.path("generated.safetensors")).byName().get(name);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    stored.writeTo(Channels.newChannel(expected));
    byte[] theirs = expected.toByteArray();
    byte[] ours = pixels(setup(eta == 0 ? DDIM : ETA, isMerged), adapter);
    assertThat(ours).hasSameSizeAs(theirs);
    int differing = 0;
    for (int i = 0; i < ours.length; i++) {
      int difference = Math.abs((ours[i] & 0xff) - (theirs[i] & 0xff));
      assertThat(difference).as("byte " + i).isLessThanOrEqualTo(1); // at a rounding's edge
      differing += difference;
    }

    assertThat(differing).as("of %d bytes", ours.length).isLessThan(ours.length / 1000);
  }

  @Test
  void adaptersShareNothingButTheFrozenWeights() throws IOException {
    GenerateSetup setup = setup(DDIM, false);
    byte[] base = pixels(setup, GenerateSetup.BASE);
    byte[] adapted = pixels(setup, "adapted");

    assertThat(pixels(setup, "none")).isEqualTo(base);
    assertThat(pixels(setup(DDIM, true), "none")).isEqualTo(base);
    assertThat(pixels(setup(DDIM, true), "adapted")).isNotEqualTo(base);
    assertThat(pixels(setup, GenerateSetup.BASE)).isEqualTo(base);
    assertThat(pixels(setup, "adapted")).isEqualTo(adapted).isNotEqualTo(base);
  }

  @Test
  void pathsStayInTheirFolder() throws IOException {
    GenerateSetup setup = setup(DDIM, false);
    for (String id : List.of("../../x", "/etc/passwd", ".hidden", "", "é ü", "a".repeat(999))) {
      String path = setup.path(new GenerateItem(id, "x", 0, "half", 4));
      assertThat(path).matches("videos/half/[A-Za-z0-9][A-Za-z0-9._-]{0,80}-0-[0-9a-f]{16}\\.mp4");
    }

    assertThat(setup.path(new GenerateItem("a/b", "x", 0, "half", 4)))
        .isNotEqualTo(setup.path(new GenerateItem("a_b", "x", 0, "half", 4)));
    assertThatThrownBy(() -> setup.path(new GenerateItem("a", "x", 0, "other", 4)))
        .hasMessageContaining("no adapter other");
  }
}
