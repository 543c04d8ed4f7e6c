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

/** OpenCLIP model configs that are built in, by name; from a resource. */
public final class OpenClipModels {

  private static final String RESOURCE = "open_clip_models.json";
  private static final JsonObject CONFIGS = read();

  /** Tensors whose shapes tell the models apart. */
  private static final List<String> TELLING =
      List.of(
          "visual.conv1.weight",
          "visual.positional_embedding",
          "visual.proj",
          "token_embedding.weight",
          "text_projection");

  private OpenClipModels() {}

  /** Their names, as OpenCLIP has them. */
  public static List<String> names() {
    return List.copyOf(CONFIGS.keySet());
  }

  /** Whether a model config of that name is built in. */
  public static boolean isBuiltIn(String name) {
    return CONFIGS.has(name);
  }

  /** The config of that name. */
  static ClipModelConfig config(String name) {
    return ClipModelConfig.ofOpenClip(
        new ConfigFile(Path.of(name), name, CONFIGS.getAsJsonObject(name)));
  }

  /**
   * The name of the first model whose tensors have these shapes.
   *
   * @param shapes by name, in OpenCLIP's layout
   */
  static Optional<String> recognize(Map<String, long[]> shapes) {
    return names().stream().filter(name -> resembles(config(name).shapes(), shapes)).findFirst();
  }

  private static boolean resembles(Map<String, long[]> model, Map<String, long[]> shapes) {
    return TELLING.stream().allMatch(name -> Arrays.equals(model.get(name), shapes.get(name)));
  }

  private static JsonObject read() {
    try (Reader reader =
        new InputStreamReader(
            OpenClipModels.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
