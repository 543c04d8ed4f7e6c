package instructvideo.job.adapter;

import instructvideo.format.FloatTensors;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraNames;
import instructvideo.lora.LoraState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What is exported: the LoRA weights of one checkpoint.
 *
 * @param baseModel directory of the pipeline that it was trained on; "" where it is not known
 */
public record Adapter(LoraConfig config, LoraState lora, String baseModel) {

  /**
   * Writes a safetensors file.
   *
   * @param rename from {@link LoraNames} to the name in the file
   * @param factorOfB each B is multiplied by it
   */
  public void write(Path file, UnaryOperator<String> rename, double factorOfB) throws IOException {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    SortedMap<String, float[]> values = new TreeMap<>();
    lora.weights()
        .forEach(
            (name, weights) -> {
              shapes.put(rename.apply(name), lora.shapes().get(name));
              double factor = LoraNames.isLoraA(name) ? 1.0 : factorOfB;
              values.put(rename.apply(name), factor == 1.0 ? weights : scaled(weights, factor));
            });
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put("format", "pt"); // safetensors' readers in Python ask for it
    try (OutputStream out = Files.newOutputStream(file)) {
      new FloatTensors(shapes, values, metadata).write(out);
    }
  }

  private static float[] scaled(float[] weights, double factor) {
    float[] scaled = new float[weights.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (weights[i] * factor);
    }

    return scaled;
  }
}
