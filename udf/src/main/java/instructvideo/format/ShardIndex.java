package instructvideo.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;

/** Hugging Face's index of a checkpoint in several files: "weight_map", from tensor to file. */
final class ShardIndex {

  private ShardIndex() {}

  /**
   * Where the tensors of all shards lie.
   *
   * @throws InvalidInputException if a shard, or a tensor in its shard, is missing
   */
  static Map<String, TensorLocation> read(Path index) throws IOException {
    SortedMap<String, Map<String, TensorLocation>> shards = new TreeMap<>();
    Map<String, TensorLocation> tensors = new LinkedHashMap<>();
    for (Entry<String, JsonElement> entry : weightMap(index).entrySet()) {
      String shard = entry.getValue().getAsString();
      if (!shards.containsKey(shard)) {
        shards.put(shard, StateDict.tensorsOf(sibling(index, shard)));
      }

      TensorLocation tensor = shards.get(shard).get(entry.getKey());
      if (tensor == null) {
        throw InvalidInputException.of(
            "Cannot read %s: tensor %s is not in %s", index, entry.getKey(), shard);
      }

      tensors.put(entry.getKey(), tensor);
    }

    shards.values().forEach(each -> each.forEach(tensors::putIfAbsent));
    return tensors;
  }

  private static JsonObject weightMap(Path index) {
    JsonObject json = Json.read(index);
    if (json.get("weight_map") instanceof JsonObject map
        && !map.isEmpty()
        && map.asMap().values().stream().allMatch(JsonElement::isJsonPrimitive)) {
      return map;
    }

    throw InvalidInputException.of(
        "Cannot read %s: no \"weight_map\" of tensors to files in it", index);
  }

  /** A shard is a file beside its index, nowhere else. */
  private static Path sibling(Path index, String shard) {
    boolean askew = shard.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    if (shard.isEmpty() || askew || shard.equals("..")) {
      throw InvalidInputException.of(
          "Cannot read %s: shard %s is not a file beside it", index, shard);
    }

    Path file = index.resolveSibling(shard);
    if (!Files.isRegularFile(file)) {
      throw InvalidInputException.of("Cannot read %s: its shard %s is missing", index, shard);
    }

    return file;
  }
}
