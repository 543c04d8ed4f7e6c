package instructvideo.job.adapter;

import instructvideo.error.InvalidInputException;
import instructvideo.format.StoredTensor;
import instructvideo.format.StoredTensors;
import instructvideo.job.ModelFiles;
import instructvideo.lora.LoraNames;
import instructvideo.lora.LoraState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A safetensors file of LoRA weights under the names of some library. */
final class LoraFile {

  private LoraFile() {}

  /**
   * Reads it; weights in 16 bits are widened.
   *
   * @param adapter for messages
   * @param names with the groups "module" and "matrix" (A or B)
   * @param example such a name, for messages
   * @throws InvalidInputException naming the first tensor that is not such a weight
   */
  static LoraState read(String adapter, String file, Pattern names, String example)
      throws IOException {
    if (!file.endsWith(".safetensors")) {
      throw InvalidInputException.of(
          "Cannot read the adapter %s: %s is no .safetensors; save it as one"
              + " (safe_serialization=True)",
          adapter, file);
    }

    Path local = ModelFiles.local(file);
    SortedMap<String, long[]> shapes = new TreeMap<>();
    SortedMap<String, float[]> weights = new TreeMap<>();
    for (Map.Entry<String, StoredTensor> entry : StoredTensors.read(local).byName().entrySet()) {
      Matcher matcher = names.matcher(entry.getKey());
      long[] shape = entry.getValue().shape();
      if (!matcher.matches() || shape.length != 2) {
        throw InvalidInputException.of(
            "Cannot read the adapter %s: its tensor %s %s is no update of a linear layer; read here"
                + " are names such as %s, of two dimensions",
            adapter, entry.getKey(), Arrays.toString(shape), example);
      }

      String module = matcher.group("module");
      boolean isA = matcher.group("matrix").equals("A");
      String name = isA ? LoraNames.loraA(module) : LoraNames.loraB(module);
      shapes.put(name, shape);
      weights.put(name, entry.getValue().floats());
    }

    checkPairs(adapter, shapes);
    return new LoraState(shapes, weights);
  }

  private static void checkPairs(String adapter, SortedMap<String, long[]> shapes) {
    if (shapes.isEmpty()) {
      throw InvalidInputException.of("Cannot read the adapter %s: it holds no weights", adapter);
    }

    for (String name : shapes.keySet()) {
      String module = LoraNames.module(name); // both endings are as long
      long[] loraA = shapes.get(LoraNames.loraA(module));
      long[] loraB = shapes.get(LoraNames.loraB(module));
      if (loraA == null || loraB == null || loraA[0] != loraB[1]) {
        throw InvalidInputException.of(
            "Cannot read the adapter %s: of %s, lora_A is %s and lora_B %s; must be (rank, in) and"
                + " (out, rank)",
            adapter, module, Arrays.toString(loraA), Arrays.toString(loraB));
      }
    }
  }
}
