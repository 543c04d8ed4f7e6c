package instructvideo.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A checkpoint's tensors by name, whatever its format. */
public final class StateDict {

  private static final List<String> NAMES =
      List.of(
          "diffusion_pytorch_model.safetensors",
          "model.safetensors",
          "diffusion_pytorch_model.fp16.safetensors",
          "model.fp16.safetensors",
          "diffusion_pytorch_model.safetensors.index.json",
          "model.safetensors.index.json",
          "diffusion_pytorch_model.bin",
          "pytorch_model.bin");

  private StateDict() {}

  /**
   * All tensors of a checkpoint.
   *
   * @param path a file, or a directory with one of the names that diffusers and transformers give
   */
  public static Map<String, NDArray> read(NDManager manager, Path path, DataType type)
      throws IOException {
    if (Files.isDirectory(path)) {
      return read(manager, weightsIn(path), type);
    }

    String name = path.getFileName().toString();
    if (name.endsWith(".json")) {
      return readShards(manager, path, type);
    }

    return name.endsWith(".safetensors")
        ? SafeTensors.read(manager, path, type)
        : TorchPickle.read(manager, path, type);
  }

  private static Map<String, NDArray> readShards(NDManager manager, Path index, DataType type)
      throws IOException {
    JsonObject files = Json.read(index).getAsJsonObject("weight_map");
    Set<String> shards = new LinkedHashSet<>();
    for (JsonElement file : files.asMap().values()) {
      shards.add(file.getAsString());
    }

    Map<String, NDArray> tensors = new HashMap<>();
    for (String shard : shards) {
      tensors.putAll(SafeTensors.read(manager, index.resolveSibling(shard), type));
    }

    return tensors;
  }

  private static Path weightsIn(Path directory) {
    return NAMES.stream()
        .map(directory::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot find weights in %s: none of %s".formatted(directory, NAMES)));
  }
}
