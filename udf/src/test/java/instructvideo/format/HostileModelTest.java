package instructvideo.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import instructvideo.testing.TorchFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that a stranger made to read other files, to run code or to end the process. */
class HostileModelTest {

  private static final float[] ONE = {1};
  private static final long[] SCALAR = {1};
  private static final String W =
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";

  @TempDir private Path temp;
  private Path model;

  @BeforeEach
  void directory() throws IOException {
    model = Files.createDirectory(temp.toRealPath().resolve("model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json", "unet/config.json"})
  void linkOutOfTheModelIsRefused(String name) throws IOException {
    safeTensors(model.resolve("model.safetensors"));
    Path outside = safeTensors(temp.resolve("outside"));
    link(model.resolve(name), outside);
    refused("its " + name + " is a link to " + outside.toRealPath() + ", out of the model's");
  }

  @Test
  void linkOfAPartIsRefused() throws IOException {
    safeTensors(model.resolve("model.safetensors"));
    link(model.resolve("unet"), Files.createDirectory(temp.resolve("unet")));
    refused("its unet is a link");
  }

  @Test
  void linksWithinTheModelAndTheModelItselfAreFollowed() throws IOException {
    Path real = safeTensors(model.resolve("real"));
    link(model.resolve("model.safetensors"), real);
    link(model.resolve("gone"), temp.resolve("nowhere"));
    assertThat(StateDict.open(model).shapes()).containsKey("w");
    Path renamed = temp.resolve("renamed");
    link(renamed, model);
    assertThat(StateDict.open(renamed).shapes()).containsKey("w");
  }

  @Test
  void linksOfTheHubsCacheStayInTheModelsFolder() throws IOException {
    Path hub = temp.resolve("hub/models--a--b");
    safeTensors(hub.resolve("blobs/0123"));
    Path snapshot = Files.createDirectories(hub.resolve("snapshots/abc"));
    Path weights = snapshot.resolve("model.safetensors");
    Files.createSymbolicLink(weights, Path.of("../../blobs/0123"));
    assertThat(StateDict.open(snapshot).shapes()).containsKey("w");
    safeTensors(temp.resolve("hub/models--other/blobs/4567"));
    Files.delete(weights);
    Files.createSymbolicLink(weights, Path.of("../../../models--other/blobs/4567"));
    model = snapshot;
    refused("out of the model's directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "/etc/passwd", "sub/a", "..", "", "a\\\\b", "a\\u0000", "none"})
  void shardElsewhereIsRefused(String shard) throws IOException {
    Path index = model.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"w\":\"" + shard + "\"}}");
    refused("");
  }

  @Test
  void shardThatIsALinkElsewhereIsRefused() throws IOException {
    Path index = model.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"w\":\"a.safetensors\"}}");
    link(model.resolve("a.safetensors"), safeTensors(temp.resolve("outside")));
    refused("its a.safetensors is a link");
  }

  @Test
  void compressedArchiveIsNotInflated() throws IOException {
    Path file = model.resolve("pytorch_model.bin");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a/data.pkl"));
      for (int i = 0; i < 64; i++) {
        ((OutputStream) zip).write(new byte[1 << 20]);
      }

      zip.closeEntry();
    }

    assertThat(Files.size(file)).isLessThan(1 << 17);
    refused("its zip archive is compressed");
  }

  @Test
  void entriesOfOneNameAreRefused() throws IOException {
    byte[] pickle = {(byte) 0x80, 2, '}', '.'};
    Path file = model.resolve("pytorch_model.bin");
    StoredZip.write(file, "a/data.pkl", pickle, "b/data.pkl", pickle);
    refused("two entries of its zip archive are data.pkl");
  }

  /** What the central directory says of the storage is changed. */
  @Test
  void storageBeyondTheFileIsRefused() throws IOException {
    Path file = model.resolve("pytorch_model.bin");
    new TorchFiles().tensor("w", ONE, SCALAR, 1).write(file);
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int entry = text.lastIndexOf("archive/data/0") - 46; // PKZIP APPNOTE, 4.3.12
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 20, 1 << 30);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 24, 1 << 30);
    Files.write(file, bytes);
    refused("truncated or damaged; fetch it again");
  }

  @Test
  void scriptIsNamedWhereverItsPickleLies() {
    new TorchFiles()
        .tensor("w", ONE, SCALAR, 1)
        .file("constants.pkl", "")
        .write(model.resolve("pytorch_model.bin"));
    refused("it is a TorchScript archive; torch.save its state_dict()");
  }

  /** Each list holds the one before it twice: its hash code would take 2^60 steps. */
  @Test
  @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
  void pickleThatDoublesIsReadInItsLength() {
    String pickle = "\u0080\u0002](K\u0001eq\u0000";
    for (int i = 0; i < 60; i++) {
      String list = "h" + Character.toString(i);
      pickle += "0](" + list + list + "eq" + Character.toString(i + 1);
    }

    byte[] bytes = (pickle + "0}h<K\u0001s.").getBytes(StandardCharsets.ISO_8859_1);
    assertThatCode(() -> new Unpickler(bytes, "a.pt").load()).doesNotThrowAnyException();
  }

  @Test
  @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
  void longTupleIsReadInItsLength() {
    String pickle = "(" + "K\u0001".repeat(1_000_000) + "t.";
    byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
    assertThat((java.util.List<?>) new Unpickler(bytes, "a.pt").load()).hasSize(1_000_000);
  }

  @Test
  void jsonOfAnySizeIsNotRead() throws IOException {
    Path config = model.resolve("config.json");
    try (RandomAccessFile file = new RandomAccessFile(config.toFile(), "rw")) {
      file.setLength(1L << 33); // a hole: it takes no room
    }

    assertThatThrownBy(() -> Json.read(config))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it has 8192 MB; a JSON file of a model has at most 64");
    Files.writeString(config, "{\"a\":".repeat(100_000));
    assertThatThrownBy(() -> Json.read(config)).isInstanceOf(InvalidInputException.class);
    Files.writeString(config, "{\"eps\":1e999,\"layers\":101}");
    ConfigFile read = ConfigFile.read(config, "M");
    assertThatThrownBy(() -> read.number("eps")).hasMessageContaining("must be a number");
    assertThatThrownBy(() -> read.layers("layers", 1)).hasMessageContaining("must be at most 100");
  }

  private static Path safeTensors(Path file) throws IOException {
    byte[] json = W.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(12 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes.putLong(json.length).put(json).array());
  }

  private static void link(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  private void refused(String message) {
    assertThatThrownBy(() -> StateDict.open(model))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }
}
