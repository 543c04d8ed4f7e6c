package instructvideo.diffusion;

import com.google.gson.JsonArray;
import instructvideo.error.InvalidInputException;
import instructvideo.format.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

final class PipelineIndex {

  private static final String PIPELINE = "TextToVideoSDPipeline";
  private static final Map<String, String> PARTS =
      new TreeMap<>(
          Map.of(
              "unet",
              "UNet3DConditionModel",
              "vae",
              "AutoencoderKL",
              "text_encoder",
              "CLIPTextModel"));

  private PipelineIndex() {}

  static void check(Path directory) {
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
