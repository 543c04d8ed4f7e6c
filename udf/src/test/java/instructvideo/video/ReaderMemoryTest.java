package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Native memory of readers, in a JVM whose heap keeps its size: the rest of the JVM's is not. */
class ReaderMemoryTest {

  @Test
  void fiveHundredReadersDoNotGrow() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                Readers.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String kilobytes =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    // One reader that is not closed keeps about 300 KB: 400 would be 120 MB.
    assertThat(Long.parseLong(kilobytes)).isLessThan(40_000);
  }

  /** Prints by how many kilobytes the process grows while it reads 400 videos, half of them bad. */
  static final class Readers {

    private Readers() {}

    public static void main(String[] args) throws Exception {
      byte[] file = VideoWriter.encode(TestFrames.moving(8, 128, 128), 8, VideoFormat.MP4);
      byte[] broken = Arrays.copyOf(file, file.length / 2);
      readBoth(100, file, broken);
      long before = residentKilobytes();
      readBoth(400, file, broken);
      System.out.println(residentKilobytes() - before);
    }

    private static void readBoth(int times, byte[] file, byte[] broken) throws Exception {
      for (int i = 0; i < times; i++) {
        try (VideoReader reader = VideoReader.open(file)) {
          if (reader.read(new FrameSelection(8, 8)).size() != 8) {
            throw new IllegalStateException("The video has eight frames");
          }
        }

        readBroken(broken);
      }
    }

    private static void readBroken(byte[] broken) throws IOException {
      try (VideoReader reader = VideoReader.open(broken)) {
        reader.read(new FrameSelection(8, 8));
        throw new IllegalStateException("Half a file is not eight frames");
      } catch (VideoException e) {
        // as it should be
      }
    }

    private static long residentKilobytes() throws IOException {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }
}
