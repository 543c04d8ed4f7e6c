package instructvideo.job.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.error.InvalidInputException;
import instructvideo.format.SafeTensors;
import instructvideo.lora.LoraAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A directory written by make_case.py, which its documentation describes. */
public record ReferenceCase(Path directory, CaseSettings settings) {

  private static final String LORA = "lora.";

  /**
   * Reads the settings.
   *
   * @throws InvalidInputException if a file is missing or case.json says something else
   */
  public static ReferenceCase read(Path directory) {
    CaseSettings settings = CaseSettings.read(directory.resolve("case.json"));
    for (String part : List.of("pipeline", "inputs.safetensors")) {
      if (!Files.exists(directory.resolve(part))) {
        throw InvalidInputException.of("Cannot read %s: no %s there", directory, part);
      }
    }

    return new ReferenceCase(directory, settings);
  }

  Path pipeline() {
    return directory.resolve("pipeline");
  }

  /** Pixels, noise, frame indices, LoRA weights. */
  Map<String, NDArray> inputs(NDManager manager) throws IOException {
    Map<String, NDArray> inputs = read(manager, "inputs.safetensors");
    CaseSettings s = settings;
    check(inputs, "pixels", s.batch(), 3, s.frames(), s.height(), s.width());
    check(inputs, "noise", s.batch(), 4, s.frames(), -1, -1);
    check(inputs, "frame_index", s.batch(), s.segments());
    checkLora(inputs);
    return inputs;
  }

  /** What PyTorch computed. */
  public Map<String, NDArray> expected(NDManager manager) throws IOException {
    return read(manager, "expected.safetensors");
  }

  /** Copies: the optimizer writes to them, and the file's mapped pages are read-only. */
  LoraAdapter adapter(Map<String, NDArray> inputs) {
    SortedMap<String, NDArray> weights = new TreeMap<>();
    inputs.forEach(
        (key, tensor) -> {
          if (key.startsWith(LORA)) {
            weights.put(key.substring(LORA.length()), tensor.duplicate());
          }
        });
    return new LoraAdapter(weights, settings.loraScale());
  }

  int[][] frameIndices(Map<String, NDArray> inputs) {
    long[] flat = inputs.get("frame_index").toLongArray();
    int[][] indices = new int[settings.batch()][settings.segments()];
    for (int i = 0; i < flat.length; i++) {
      indices[i / settings.segments()][i % settings.segments()] = checkedFrame(flat[i]);
    }

    return indices;
  }

  private int checkedFrame(long index) {
    if (index < 0 || index >= settings.frames()) {
      throw InvalidInputException.of(
          "Invalid frame_index in %s: %d of %d frames", directory, index, settings.frames());
    }

    return (int) index;
  }

  private Map<String, NDArray> read(NDManager manager, String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      throw InvalidInputException.of("Cannot read %s: no %s there", directory, name);
    }

    return SafeTensors.read(manager, file, DataType.FLOAT32);
  }

  private void checkLora(Map<String, NDArray> inputs) {
    boolean any = false;
    for (String name : inputs.keySet()) {
      if (name.startsWith(LORA) && name.endsWith(".lora_A.weight")) {
        check(inputs, name, settings.rank(), -1);
        check(inputs, name.replace(".lora_A.", ".lora_B."), -1, settings.rank());
        any = true;
      }
    }

    if (!any) {
      throw InvalidInputException.of(
          "Invalid inputs.safetensors in %s: no LoRA weights (%s*)", directory, LORA);
    }
  }

  private void check(Map<String, NDArray> inputs, String name, long... shape) {
    NDArray tensor = inputs.get(name);
    if (tensor == null) {
      throw InvalidInputException.of("Invalid inputs.safetensors in %s: no %s", directory, name);
    }

    Shape actual = tensor.getShape();
    boolean fits = actual.dimension() == shape.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = shape[i] == -1 || shape[i] == actual.get(i);
    }

    if (!fits) {
      throw InvalidInputException.of(
          "Invalid %s in %s: shape %s; case.json says %s",
          name, directory, actual, new Shape(shape));
    }
  }
}
