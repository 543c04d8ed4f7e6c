package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Native memory of readers, in a JVM whose heap keeps its size: the rest of the JVM's is not. */
class ReaderMemoryTest {

  @Test
  void fiveHundredReadersDoNotGrow() throws IOException, InterruptedException {
    // One reader that is not closed keeps about 300 KB: 400 would be 120 MB.
    assertThat(growth(Readers.class)).isLessThan(40_000);
  }

  @Test
  void fiveHundredSamplersDoNotGrow() throws IOException, InterruptedException {
    assertThat(growth(Samplers.class)).isLessThan(40_000);
  }

  /** By how many kilobytes a process grows while it runs a program that prints this. */
  private static long growth(Class<?> program) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String kilobytes =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return Long.parseLong(kilobytes);
  }

  static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
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
  }

  /** The same for chosen frames, of good files and of files that fail in every way. */
  static final class Samplers {

    private Samplers() {}

    public static void main(String[] args) throws Exception {
      List<byte[]> good = new ArrayList<>();
      for (String name : List.of("bframes.mp4", "open_gop.mkv", "vp9.webm", "not_coded.mp4")) {
        good.add(NumberedVideos.bytes(name));
      }

      List<byte[]> bad = new ArrayList<>();
      for (String name : List.of("bframes.mp4", "bframes.mkv", "still.png")) {
        byte[] file = NumberedVideos.bytes(name);
        bad.add(Arrays.copyOf(file, file.length / 2));
      }

      bad.add(NumberedVideos.bytes("cover.mp3"));
      bad.add("no video".getBytes(StandardCharsets.UTF_8));
      bad.add(withoutDecoder());
      sample(50, good, bad);
      long before = residentKilobytes();
      sample(450, good, bad);
      System.out.println(residentKilobytes() - before);
    }

    private static void sample(int times, List<byte[]> good, List<byte[]> bad) throws Exception {
      for (int i = 0; i < times; i++) {
        FrameSamplerTest.take(good.get(i % good.size()), new FrameChoice.Middle(4));
        try {
          FrameSamplerTest.take(bad.get(i % bad.size()), new FrameChoice.Middle(4));
          throw new IllegalStateException("File " + i % bad.size() + " is not bad");
        } catch (VideoException e) {
          // as it should be
        }
      }
    }
  }

  /** A video whose decoder cannot be set up: FFV1 whose parameters are damaged. */
  static byte[] withoutDecoder() throws VideoException {
    byte[] file = VideoWriter.encode(TestFrames.moving(2, 16, 16), 8, VideoFormat.FFV1);
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int parameters = text.indexOf("c\u00a2"); // Matroska's CodecPrivate
    int header = 3 + 40; // of the element, and of a BITMAPINFOHEADER
    Arrays.fill(file, parameters + header, parameters + header + 16, (byte) 0x55);
    return file;
  }
}
