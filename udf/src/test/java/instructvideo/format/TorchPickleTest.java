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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchPickleTest {

  private static final float[] SIX = {1, 2, 3, 4, 5, 6};
  private static final long[] TWO_BY_THREE = {2, 3};

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
        .tensor("plain", SIX, TWO_BY_THREE, 3, 1)
        .tensor("transposed", SIX, TWO_BY_THREE, 1, 2)
        .tensor("sizeOne", SIX, new long[] {1, 6}, 1, 1)
        .end()
        .write(file);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> tensors = StateDict.read(manager, directory, DataType.FLOAT32);

      assertThat(tensors).containsOnlyKeys("plain", "transposed", "sizeOne");
      assertThat(tensors.get("plain").toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(tensors.get("plain").getShape()).isEqualTo(new Shape(2, 3));
      assertThat(tensors.get("transposed").toFloatArray()).containsExactly(1, 3, 5, 2, 4, 6);
      assertThat(tensors.get("sizeOne").toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void otherClassIsNamed() {
    new TorchFiles().object("x", "numpy.core.multiarray", "scalar").write(file);
    refused("its pickle names numpy.core.multiarray.scalar; only tensors and plain containers");
  }

  @Test
  void pickleThatCallsCodeIsRefused() {
    byte[] pickle =
        "cposix\nsystem\n(X\u0002\u0000\u0000\u0000lstR.".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> new Unpickler(pickle, "a.pt").load())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Refused to read a.pt: its pickle names posix.system;");
  }

  @Test
  void everyTruncatedPickleIsOneError() throws IOException {
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, 3, 1).write(file);
    byte[] whole = pickle();
    assertThat(new Unpickler(whole, "a.pt").load()).isInstanceOf(Map.class);
    for (int length = 0; length < whole.length; length++) {
      byte[] truncated = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> new Unpickler(truncated, "a.pt").load())
          .as("%d bytes", length)
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void truncatedArchive() throws IOException {
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, 3, 1).write(file);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 30));
    refused("its zip archive is truncated or damaged; fetch it again");
  }

  @Test
  void storageThatIsMissingOrSmall() {
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, 3, 1).without("data/0").write(file);
    refused("the storage of tensor w is missing");
    new TorchFiles().tensor("w", SIX, new long[] {2, 4}, 4, 1).write(file);
    refused("tensor w of shape [2, 4] does not lie in its storage of 24 bytes");
    new TorchFiles().tensor("w", SIX, TWO_BY_THREE, -3, 1).write(file);
    refused("tensor w of shape [2, 3] does not lie in its storage of 24 bytes");
  }

  @Test
  void otherFormatsAreNamed() throws IOException {
    byte[] magicOfTorch1 = {-128, 2, -118, 10, 108, -4, -100, 70, 46};
    Files.write(file, magicOfTorch1);
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

  private byte[] pickle() throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile());
        InputStream in = zip.getInputStream(zip.getEntry("archive/data.pkl"))) {
      return in.readAllBytes();
    }
  }

  private void refused(String message) {
    assertThatThrownBy(() -> StateDict.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }
}
