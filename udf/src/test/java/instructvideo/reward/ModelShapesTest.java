package instructvideo.reward;

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
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelShapesTest {
  @Test
  void unetOfModelScope() {
    UNetConfig var1 =
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
            1.0E-5);
    Assertions.assertThat(digest(var1.shapes())).isEqualTo("1480 586a7f0d21464c6d");
  }

  @Test
  void unetOfOtherSizes() {
    UNetConfig var1 =
        new UNetConfig(
            5, 6, List.of(32, 48), List.of(true, false), List.of(false, true), 3, 40, 8, 8, 1.0E-5);
    Assertions.assertThat(digest(var1.shapes())).isEqualTo("890 0f08b8afee1e3cad");
  }

  @Test
  void vaes() {
    VaeConfig var1 = new VaeConfig(3, 3, 4, List.of(128, 256, 512, 512), 2, 32, 0.18215);
    VaeConfig var2 = new VaeConfig(3, 3, 3, List.of(16, 24), 1, 8, 0.18215);
    Assertions.assertThat(digest(var1.shapes())).isEqualTo("248 a8eb7356226250e7");
    Assertions.assertThat(digest(var2.shapes())).isEqualTo("124 7c0121d3d3829519");
  }

  @Test
  void textEncoderOfModelScope() {
    ClipTextConfig var1 =
        new ClipTextConfig(new ClipConfig(1024, 4096, 23, 16, false), 49408, 49407);
    Assertions.assertThat(digest(var1.shapes())).isEqualTo("372 9a375520eeec0ca2");
  }

  @Test
  void clipModelOfTransformersDefaults() {
    ConfigFile var1 =
        new ConfigFile(
            Path.of("config.json"),
            "CLIPModel",
            JsonParser.parseString("{\"model_type\":\"clip\"}").getAsJsonObject());
    Assertions.assertThat(digest(ClipModelConfig.ofHuggingFace(var1).shapes()))
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
  void openClip(String var1, String var2) {
    SortedMap var3 = OpenClipModels.config(var1).shapes();
    Assertions.assertThat(digest(var3)).isEqualTo(var2);
    Assertions.assertThat(OpenClipModels.recognize(var3)).contains(var1.replace("-quickgelu", ""));
  }

  private static String digest(Map<String, long[]> var0) {
    String var1 =
        var0.entrySet().stream()
            .map(
                var0x -> (String) var0x.getKey() + " " + Arrays.toString((long[]) var0x.getValue()))
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining("\n"));

    try {
      byte[] var2 =
          MessageDigest.getInstance("SHA-256").digest(var1.getBytes(StandardCharsets.UTF_8));
      return var0.size() + " " + HexFormat.of().formatHex(var2, 0, 8);
    } catch (NoSuchAlgorithmException var3) {
      throw new AssertionError(var3);
    }
  }
}
