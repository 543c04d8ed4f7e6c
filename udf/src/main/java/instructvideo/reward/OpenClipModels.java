package instructvideo.reward;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.clip.ClipModelConfig;
import instructvideo.format.ConfigFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

public final class OpenClipModels {

  private static final String RESOURCE = "open_clip_models.json";
  private static final JsonObject CONFIGS = read();
  private static final List<String> TELLING =
      List.of(
          "visual.conv1.weight",
          "visual.positional_embedding",
          "visual.proj",
          "token_embedding.weight",
          "text_projection");

  private OpenClipModels() {}

  public static List<String> names() {
    return List.copyOf(CONFIGS.keySet());
  }

  public static boolean isBuiltIn(String name) {
    return CONFIGS.has(name);
  }

  static ClipModelConfig config(String name) {
    return ClipModelConfig.ofOpenClip(
        new ConfigFile(Path.of(name), name, CONFIGS.getAsJsonObject(name)));
  }

  static Optional<String> recognize(Map<String, long[]> shapes) {
    return names().stream().filter(name -> resembles(config(name).shapes(), shapes)).findFirst();
  }

  private static boolean resembles(Map<String, long[]> model, Map<String, long[]> shapes) {
    return TELLING.stream().allMatch(name -> Arrays.equals(model.get(name), shapes.get(name)));
  }

  private static JsonObject read() {
    try {
      try (Reader reader =
          new InputStreamReader(
              OpenClipModels.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8)) {
        return JsonParser.parseReader(reader).getAsJsonObject();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
