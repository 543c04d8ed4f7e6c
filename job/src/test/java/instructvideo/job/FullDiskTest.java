package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a full disk is made of; DiskFaultsClusterIT fills some. */
class FullDiskTest {

  @TempDir private Path temp;

  /** On /dev/full, which Linux has for that. */
  @Test
  void fullDiskIsAnExceptionAndNoError() throws IOException {
    Path full = Files.createSymbolicLink(temp.resolve("adapter.safetensors"), Path.of("/dev/full"));
    assertThatThrownBy(
            () -> Storage.write(new org.apache.hadoop.fs.Path(full.toUri()), new byte[10]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot write file:" + full)
        .matches(FullDisk::isCause);
  }

  @Test
  void lineNamesFoldersAndTheRemedy() {
    IOException error = new IOException("Job aborted", new IOException("No space left on device"));
    assertThat(FullDisk.isCause(error)).isTrue();
    assertThat(FullDisk.told(error, temp.resolve("run").toString()))
        .hasMessageMatching(
            "Cannot go on: no space left on a disk \\(here now: --out \\Q"
                + temp.resolve("run")
                + "\\E with [0-9.]+ MB free, java.io.tmpdir \\S+ with [0-9.]+ MB free,"
                + " spark.local.dir \\S+ with [0-9.]+ MB free\\); make room, or give another folder,"
                + " and start the same command again");
  }

  @Test
  void lineNamesTheExecutorsHost() {
    IOException error =
        new IOException(
            "Lost task 0.3 in stage 1.0 (TID 3) (10.0.0.7 executor 12): java.io.IOException: No space"
                + " left on device");
    assertThat(FullDisk.told(error, "s3a://bucket/run"))
        .hasMessageContaining("no space left on a disk of 10.0.0.7 (here now: java.io.tmpdir ");
  }

  @Test
  void otherErrorsAreNone() {
    assertThat(FullDisk.isCause(new IOException("Connection reset", new IOException()))).isFalse();
  }
}
