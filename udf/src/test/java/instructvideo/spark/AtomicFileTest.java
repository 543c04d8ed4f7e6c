package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path temp;

  /** Those of a temporary file would shut everybody else out. */
  @Test
  void bytesGetTheRightsOfAnyNewFile() throws IOException {
    Path target = temp.resolve("out/file");
    String staging = temp.resolve("staging").toString();
    AtomicFile.publish(new byte[] {1}, target.toString(), staging);
    AtomicFile.publish(new byte[] {2, 3}, target.toString(), staging);
    assertThat(target).hasBinaryContent(new byte[] {2, 3});
    Path plain = Files.write(temp.resolve("plain"), new byte[1]);
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }
}
