package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import instructvideo.clip.ClipConfig;
import instructvideo.clip.ClipModelConfig;
import instructvideo.clip.ClipTextConfig;
import instructvideo.format.ConfigFile;
import instructvideo.unet.UNetConfig;
import instructvideo.vae.VaeConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Names and shapes of the tensors of models too large to load here, against those of diffusers,
 * transformers and open_clip: their count, and the SHA-256 of the sorted lines "name [2, 3]".
 */
class ModelShapesTest {

  @Test
  void unetOfModelScope() {
    UNetConfig config =
        new UNetConfig(
            4,
            4,
            List.of(320, 640, 1280, 1280),
            List.of(true, true, true, false),
            List.of(false, true, true, true),
            2,
            1024,
            64,
            32,
            1e-5);

    assertThat(digest(config.shapes())).isEqualTo("1480 586a7f0d21464c6d");
  }

  @Test
  void unetOfOtherSizes() {
    UNetConfig config =
        new UNetConfig(
            5, 6, List.of(32, 48), List.of(true, false), List.of(false, true), 3, 40, 8, 8, 1e-5);

    assertThat(digest(config.shapes())).isEqualTo("890 0f08b8afee1e3cad");
  }

  @Test
  void vaes() {
    VaeConfig modelScope = new VaeConfig(3, 3, 4, List.of(128, 256, 512, 512), 2, 32, 0.18215);
    VaeConfig other = new VaeConfig(3, 3, 3, List.of(16, 24), 1, 8, 0.18215);

    assertThat(digest(modelScope.shapes())).isEqualTo("248 a8eb7356226250e7");
    assertThat(digest(other.shapes())).isEqualTo("124 7c0121d3d3829519");
  }

  @Test
  void textEncoderOfModelScope() {
    ClipTextConfig config =
        new ClipTextConfig(new ClipConfig(1024, 4096, 23, 16, false), 49408, 49407);

    assertThat(digest(config.shapes())).isEqualTo("372 9a375520eeec0ca2");
  }

  @Test
  void clipModelOfTransformersDefaults() {
    ConfigFile config =
        new ConfigFile(
            Path.of("config.json"),
            "CLIPModel",
            JsonParser.parseString("{\"model_type\":\"clip\"}").getAsJsonObject());

    assertThat(digest(ClipModelConfig.ofHuggingFace(config).shapes()))
        .isEqualTo("398 cdfbb88cd0b01fe2");
  }

  @ParameterizedTest
  @CsvSource({
    "ViT-H-14, 686 2d21a943bdca7a55",
    "ViT-H-14-quickgelu, 686 2d21a943bdca7a55",
    "ViT-L-14, 446 2c3352c736b1d5c9",
    "ViT-B-32, 302 f8900dc0ab77b628",
    "ViT-B-16, 302 8c9ed9915932a40c",
    "ViT-g-14, 782 ec69c99bac0020de",
    "ViT-bigG-14, 974 058c76e4abd39c5b"
  })
  void openClip(String name, String expected) {
    SortedMap<String, long[]> shapes = OpenClipModels.config(name).shapes();

    assertThat(digest(shapes)).isEqualTo(expected);
    assertThat(OpenClipModels.recognize(shapes)).contains(name.replace("-quickgelu", ""));
  }

  private static String digest(Map<String, long[]> shapes) {
    String lines =
        shapes.entrySet().stream()
            .map(entry -> entry.getKey() + " " + Arrays.toString(entry.getValue()))
            .sorted()
            .collect(Collectors.joining("\n"));
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.UTF_8));
      return shapes.size() + " " + HexFormat.of().formatHex(sha, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
