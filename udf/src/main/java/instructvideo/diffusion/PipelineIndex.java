package instructvideo.diffusion;

import com.google.gson.JsonArray;
import instructvideo.clip.ClipTextConfig;
import instructvideo.error.InvalidInputException;
import instructvideo.format.ConfigFile;
import instructvideo.format.ModelDirectory;
import instructvideo.unet.UNetConfig;
import instructvideo.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A pipeline's model_index.json: the class of each of its parts. */
final class PipelineIndex {

  private static final String PIPELINE = "TextToVideoSDPipeline";

  /** The class of each part; sorted, so that messages do not depend on chance. */
  private static final Map<String, String> PARTS =
      new TreeMap<>(
          Map.of(
              "unet", UNetConfig.MODEL,
              "vae", VaeConfig.MODEL,
              "text_encoder", ClipTextConfig.MODEL));

  private PipelineIndex() {}

  /**
   * Checks that the parts are of the classes built here.
   *
   * @throws InvalidInputException naming the first that is not, or a link that leads out of the
   *     directory
   */
  static void check(Path directory) throws IOException {
    ModelDirectory.check(directory);
    Path file = directory.resolve("model_index.json");
    if (!Files.exists(file)) {
      throw InvalidInputException.of(
          "Cannot read %s: no model_index.json there; --model is a diffusers text-to-video"
              + " directory",
          directory);
    }

    ConfigFile index = ConfigFile.read(file, PIPELINE);
    index.isClass("_class_name", PIPELINE, "VideoToVideoSDPipeline");
    PARTS.forEach(
        (part, model) -> {
          boolean listed =
              index.json().get(part) instanceof JsonArray array
                  && array.size() == 2
                  && array.get(1).isJsonPrimitive();
          String type = listed ? index.json().getAsJsonArray(part).get(1).getAsString() : "none";
          if (!type.equals(model)) {
            throw InvalidInputException.of(
                "Cannot build %s from %s: %s is %s; built here: %s",
                PIPELINE, file, part, type, model);
          }
        });
  }
}
