package instructvideo.format;

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
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
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
  void fileIsFoundByItsName(String var1) throws IOException {
    safeTensors(var1, "w", 5.0F);
    Assertions.assertThat(values()).isEqualTo(Map.of("w", 5.0F));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors.index.json",
        "diffusion_pytorch_model.safetensors.index.fp16.json"
      })
  void shardsOfSafeTensors(String var1) throws IOException {
    safeTensors("a-1.safetensors", "v", 1.0F);
    safeTensors("a-2.safetensors", "w", 2.0F);
    index(var1, "v", "a-1.safetensors", "w", "a-2.safetensors");
    Assertions.assertThat(values()).isEqualTo(Map.of("v", 1.0F, "w", 2.0F));
  }

  @Test
  void shardsOfTorch() throws IOException {
    long[] var1 = new long[] {1L};
    new TorchFiles().tensor("v", new float[] {1.0F}, var1, 1L).write(directory.resolve("1.bin"));
    new TorchFiles().tensor("w", new float[] {2.0F}, var1, 1L).write(directory.resolve("2.bin"));
    index("pytorch_model.bin.index.json", "v", "1.bin", "w", "2.bin");
    Assertions.assertThat(values()).isEqualTo(Map.of("v", 1.0F, "w", 2.0F));
  }

  @Test
  void indexThatDoesNotFit() throws IOException {
    safeTensors("a.safetensors", "v", 1.0F);
    String var1 = "model.safetensors.index.json";
    index(var1, "v", "a.safetensors", "w", "b.safetensors");
    refused("its shard b.safetensors is missing");
    index(var1, "v", "a.safetensors", "w", "a.safetensors");
    refused("tensor w is not in a.safetensors");
    index(var1, "v", "../a.safetensors");
    refused("shard ../a.safetensors is not a file beside it");
    Files.writeString(directory.resolve(var1), "{}");
    refused("no \"weight_map\"");
  }

  @Test
  void directoryWithoutWeights() {
    refused("Cannot find weights in " + directory);
  }

  @Test
  void everyDifferenceIsListedInOneError() throws IOException {
    TreeMap var1 = new TreeMap();
    Map var2 =
        IntStream.range(10, 30)
            .boxed()
            .collect(Collectors.toMap(var0 -> "missing." + var0, var0 -> new long[] {1L}));
    var2.put("w", new long[] {2L, 2L});
    try (NDManager var3 = NDManager.newBaseManager("PyTorch")) {
      var1.put("w", var3.ones(new Shape(new long[] {2L, 3L})));
      var1.put("extra", var3.create(1.0F));
      var1.put("position_ids", var3.create(1.0F));
      SafeTensors.write(directory.resolve("model.safetensors"), var1);
    }

    StateDict var8 = StateDict.open(directory);
    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> var8.check("Model", var2, "position_ids"::equals))
                .isInstanceOf(InvalidInputException.class))
        .hasMessage(
            "Cannot load %s: its tensors are not those of the Model in its config: 20 missing (%s,"
                + " ...); 1 not known (extra); 1 of another shape (w is [2, 3], not [2, 2])",
            new Object[] {
              directory.resolve("model.safetensors"),
              IntStream.range(10, 20)
                  .mapToObj(var0 -> "missing." + var0)
                  .collect(Collectors.joining(", "))
            });
  }

  private void safeTensors(String var1, String var2, float var3) throws IOException {
    try (NDManager var4 = NDManager.newBaseManager("PyTorch")) {
      SafeTensors.write(directory.resolve(var1), Map.of(var2, var4.create(new float[] {var3})));
    }
  }

  private void index(String var1, String... var2) throws IOException {
    String var3 =
        IntStream.range(0, var2.length / 2)
            .mapToObj(var1x -> "\"%s\":\"%s\"".formatted(var2[2 * var1x], var2[2 * var1x + 1]))
            .collect(Collectors.joining(","));
    Files.writeString(directory.resolve(var1), "{\"weight_map\":{" + var3 + "}}");
  }

  private Map<String, Float> values() throws IOException {
    NDManager var1 = NDManager.newBaseManager("PyTorch");

    Map var2;
    try {
      var2 =
          StateDict.read(var1, directory, DataType.FLOAT32).entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Entry::getKey,
                      var0 -> ((NDArray) var0.getValue()).getFloat(new long[] {0L})));
    } catch (Throwable var5) {
      if (var1 != null) {
        try {
          var1.close();
        } catch (Throwable var4) {
          var5.addSuppressed(var4);
        }
      }

      throw var5;
    }

    if (var1 != null) {
      var1.close();
    }

    return var2;
  }

  private void refused(String var1) {
    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> StateDict.open(directory))
                .isInstanceOf(InvalidInputException.class))
        .hasMessageContaining(var1);
  }
}
