package instructvideo.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of a store, and what the environment says: both may be anything. */
class CacheNamesTest {

  private static final Path ROOT = new Path("s3a://bucket/models/m");

  @TempDir private java.nio.file.Path temp;

  private static RemoteFile file(String key) throws IOException {
    Path path = new Path("s3a://bucket/" + key);
    return RemoteFile.of(new FileStatus(1, false, 1, 1, 0, path), ROOT);
  }

  @Test
  void namesStandBelowTheModel() throws IOException {
    assertThat(file("models/m/unet/a b#.bin").name()).isEqualTo("m/unet/a b#.bin");
    assertThat(file("models/m").name()).isEqualTo("m");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/m/../../evil",
        "models/m/../../../../etc/passwd",
        "models/mm/weights.bin",
        "models/m/a\\..\\b",
        "models/m/a\nb",
        "etc/passwd"
      })
  void otherNamesAreRefused(String key) {
    assertThatThrownBy(() -> file(key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be a file's below the model's folder");
  }

  @ParameterizedTest
  @CsvSource({
    "80%, 800",
    "100%, 1000",
    "50K, 51200",
    "2g, 2147483648",
    "1TB, 1099511627776",
    "7, 7"
  })
  void limits(String text, long bytes) {
    assertThat(CacheLimit.parse(text).of(600, 400)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0%", "120%", "5Q", "-1", "50 %", "1.5G"})
  void otherLimitsAreRefused(String text) {
    assertThatThrownBy(() -> CacheLimit.parse(text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Invalid INSTRUCTVIDEO_CACHE_LIMIT: " + text + ";");
  }

  @Test
  void nobodyElseMayWriteToIt() throws IOException {
    java.nio.file.Path own = temp.resolve("own");
    assertThat(CacheFolder.of(own.toString())).isEqualTo(own.toRealPath());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    java.nio.file.Path volume = Files.createDirectory(temp.resolve("volume"));
    Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxrwxrwx"));
    java.nio.file.Path below = CacheFolder.of(volume.toString());
    assertThat(below.getParent()).isEqualTo(volume.toRealPath());
    Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> CacheFolder.of(volume.toString()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to another user or others may write to it");
  }
}
