package instructvideo.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.error.InvalidInputException;
import instructvideo.testing.TorchFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchPickleTest {
  private static final float[] SIX = new float[] {1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
  private static final long[] TWO_BY_THREE = new long[] {2L, 3L};
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("pytorch_model.bin");
  }

  @Test
  void tensorsOfTheStateDictAreRead() throws IOException {
    new TorchFiles()
        .entry("epoch", 3)
        .begin("state_dict")
        .tensor("plain", SIX, TWO_BY_THREE, 3L, 1L)
        .tensor("transposed", SIX, TWO_BY_THREE, 1L, 2L)
        .tensor("sizeOne", SIX, new long[] {1L, 6L}, 1L, 1L)
        .end()
        .write(file);
    try (NDManager var1 = NDManager.newBaseManager("PyTorch")) {
      Map var2 = StateDict.read(var1, directory, DataType.FLOAT32);
      Assertions.assertThat(var2).containsOnlyKeys(new String[] {"plain", "transposed", "sizeOne"});
      Assertions.assertThat(((NDArray) var2.get("plain")).toFloatArray())
          .containsExactly(new float[] {1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F});
      Assertions.assertThat(((NDArray) var2.get("plain")).getShape())
          .isEqualTo(new Shape(new long[] {2L, 3L}));
      Assertions.assertThat(((NDArray) var2.get("transposed")).toFloatArray())
          .containsExactly(new float[] {1.0F, 3.0F, 5.0F, 2.0F, 4.0F, 6.0F});
      Assertions.assertThat(((NDArray) var2.get("sizeOne")).toFloatArray())
          .containsExactly(new float[] {1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F});
    }
  }

  @Test
  void otherClassIsNamed() {
    new TorchFiles().object("x", "numpy.core.multiarray", "scalar").write(file);
    refused("its pickle names numpy.core.multiarray.scalar; only tensors and plain containers");
  }

  @Test
  void pickleThatCallsCodeIsRefused() {
    byte[] var1 =
        "cposix\nsystem\n(X\u0002\u0000\u0000\u0000lstR.".getBytes(StandardCharsets.UTF_8);
    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> new Unpickler(var1, "a.pt").load())
                .isInstanceOf(InvalidInputException.class))
        .hasMessageStartingWith("Refused to read a.pt: its pickle names posix.system;");
  }

  @Test
  void everyTruncatedPickleIsOneError() throws IOException {
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, 3L, 1L).write(file);
    byte[] var1 = Files.readAllBytes(file);
    byte[] var2 = Arrays.copyOfRange(var1, 46, 196);

    for (int var3 = 0; var3 < var2.length; var3++) {
      byte[] var4 = Arrays.copyOf(var2, var3);
      Assertions.assertThatThrownBy(() -> new Unpickler(var4, "a.pt").load())
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void truncatedArchive() throws IOException {
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, 3L, 1L).write(file);
    byte[] var1 = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(var1, var1.length - 30));
    refused("its zip archive is truncated or damaged; fetch it again");
  }

  @Test
  void storageThatIsMissingOrSmall() {
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, 3L, 1L).without("data/0").write(file);
    refused("the storage of tensor w is missing");
    new TorchFiles().tensor("w", SIX, new long[] {2L, 4L}, 4L, 1L).write(file);
    refused("tensor w of shape [2, 4] does not lie in its storage of 24 bytes");
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, -3L, 1L).write(file);
    refused("tensor w of shape [2, 3] does not lie in its storage of 24 bytes");
  }

  @Test
  void otherFormatsAreNamed() throws IOException {
    byte[] var1 = new byte[] {-128, 2, -118, 10, 108, -4, -100, 70, 46};
    Files.write(file, var1);
    refused("format from before PyTorch 1.6");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1");
    refused("neither a safetensors file (by its name) nor a zip archive of torch.save");
    new TorchFiles().file("code/__torch__.py", "").write(file);
    refused("TorchScript archive; torch.save its state_dict()");
    new TorchFiles().file("byteorder", "big").write(file);
    refused("its numbers are big-endian");
    new TorchFiles().entry("epoch", 1).write(file);
    refused("its dict holds no tensors");
  }

  private void refused(String var1) {
    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> StateDict.open(file))
                .isInstanceOf(InvalidInputException.class))
        .hasMessageContaining(file.toString())
        .hasMessageContaining(var1);
  }
}
