package instructvideo.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.error.InvalidInputException;
import instructvideo.testing.TorchFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDictTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "model.fp16.safetensors",
        "diffusion_pytorch_model.safetensors",
        "diffusion_pytorch_model.fp16.safetensors"
      })
  void fileIsFoundByItsName(String name) throws IOException {
    safeTensors(name, "w", 5);

    assertThat(values()).isEqualTo(Map.of("w", 5f));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors.index.json",
        "diffusion_pytorch_model.safetensors.index.fp16.json"
      })
  void shardsOfSafeTensors(String name) throws IOException {
    safeTensors("a-1.safetensors", "v", 1);
    safeTensors("a-2.safetensors", "w", 2);
    index(name, "v", "a-1.safetensors", "w", "a-2.safetensors");

    assertThat(values()).isEqualTo(Map.of("v", 1f, "w", 2f));
  }

  @Test
  void shardsOfTorch() throws IOException {
    long[] shape = {1};
    new TorchFiles().tensor("v", new float[] {1}, shape, 1).write(directory.resolve("1.bin"));
    new TorchFiles().tensor("w", new float[] {2}, shape, 1).write(directory.resolve("2.bin"));
    index("pytorch_model.bin.index.json", "v", "1.bin", "w", "2.bin");

    assertThat(values()).isEqualTo(Map.of("v", 1f, "w", 2f));
  }

  @Test
  void indexThatDoesNotFit() throws IOException {
    safeTensors("a.safetensors", "v", 1);
    String name = "model.safetensors.index.json";
    index(name, "v", "a.safetensors", "w", "b.safetensors");
    refused("its shard b.safetensors is missing");
    index(name, "v", "a.safetensors", "w", "a.safetensors");
    refused("tensor w is not in a.safetensors");
    index(name, "v", "../a.safetensors");
    refused("shard ../a.safetensors is not a file beside it");
    Files.writeString(directory.resolve(name), "{}");
    refused("no \"weight_map\"");
  }

  @Test
  void directoryWithoutWeights() {
    refused("Cannot find weights in " + directory);
  }

  @Test
  void everyDifferenceIsListedInOneError() throws IOException {
    Path file = directory.resolve("model.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> tensors = new TreeMap<>();
      tensors.put("w", manager.ones(new Shape(2, 3)));
      tensors.put("extra", manager.create(1f));
      tensors.put("position_ids", manager.create(1f));
      SafeTensors.write(file, tensors);
    }

    Map<String, long[]> shapes = new TreeMap<>(Map.of("w", new long[] {2, 2}));
    IntStream.range(10, 30).forEach(i -> shapes.put("missing." + i, new long[] {1}));
    StateDict stateDict = StateDict.open(directory);
    assertThatThrownBy(() -> stateDict.check("Model", shapes, "position_ids"::equals))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot load %s: its tensors are not those of the Model in its config: 20 missing (%s,"
                + " ...); 1 not known (extra); 1 of another shape (w is [2, 3], not [2, 2])",
            file,
            IntStream.range(10, 20)
                .mapToObj(i -> "missing." + i)
                .collect(Collectors.joining(", ")));
  }

  private void safeTensors(String file, String name, float value) throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray tensor = manager.create(new float[] {value});
      SafeTensors.write(directory.resolve(file), Map.of(name, tensor));
    }
  }

  /** Writes an index of pairs of a tensor's name and its file. */
  private void index(String file, String... pairs) throws IOException {
    String weightMap =
        IntStream.range(0, pairs.length / 2)
            .mapToObj(i -> "\"%s\":\"%s\"".formatted(pairs[2 * i], pairs[2 * i + 1]))
            .collect(Collectors.joining(","));
    Files.writeString(directory.resolve(file), "{\"weight_map\":{" + weightMap + "}}");
  }

  private Map<String, Float> values() throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      return StateDict.read(manager, directory, DataType.FLOAT32).entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getFloat(0)));
    }
  }

  private void refused(String message) {
    assertThatThrownBy(() -> StateDict.open(directory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }
}
