package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.video.SeekableSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopSourceTest {

  @TempDir private Path temp;

  @Test
  void readsWhatIsThere() throws IOException {
    Path file = Files.writeString(temp.resolve("ü #1.mp4"), "abcdef");
    byte[] buffer = new byte[4];
    try (SeekableSource source = HadoopSource.open(file.toString())) {
      source.seek(2);
      assertThat(source.read(buffer, 0, 4)).isEqualTo(4);
      assertThat(buffer).containsExactly('c', 'd', 'e', 'f');
      assertThat(source.length()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/missing.mp4", "/missing/a.mp4"})
  void noFileIsNotFound(String name) {
    assertThatThrownBy(() -> HadoopSource.open(temp + name))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> HadoopSource.open("file:" + temp + name))
        .isInstanceOf(FileNotFoundException.class);
  }
}
