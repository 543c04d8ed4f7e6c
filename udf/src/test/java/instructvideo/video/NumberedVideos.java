package instructvideo.video;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The files of fixtures/video/samples: each frame shows its number, and samples.txt says what PyAV
 * shows of them.
 */
final class NumberedVideos {

  /**
   * A file.
   *
   * @param numbers that its frames show, in order of display
   * @param seconds of its frames from the first on
   */
  record Video(String name, List<Integer> numbers, List<Double> seconds) {
    byte[] bytes() throws IOException {
      return NumberedVideos.bytes(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private NumberedVideos() {}

  static Stream<Video> all() throws IOException {
    String lines = new String(VideoFixtureTest.resource("samples.txt"), StandardCharsets.UTF_8);
    return lines.lines().map(line -> video(line.split(" ")));
  }

  static Video named(String name) throws IOException {
    return all().filter(video -> video.name().equals(name)).findFirst().orElseThrow();
  }

  private static Video video(String[] words) {
    List<String[]> frames = Arrays.stream(words).skip(1).map(word -> word.split("@")).toList();
    return new Video(
        words[0],
        frames.stream().map(frame -> Integer.valueOf(frame[0])).toList(),
        frames.stream().map(frame -> Double.valueOf(frame[1])).toList());
  }

  static byte[] bytes(String name) throws IOException {
    byte[] stored = VideoFixtureTest.resource("samples/" + name);
    return name.endsWith(".gz")
        ? new GZIPInputStream(new ByteArrayInputStream(stored)).readAllBytes()
        : stored;
  }

  /** The number that a picture shows: eight fields of 8 x 16 pixels, the lowest bit first. */
  static int number(RgbFrame picture) {
    int number = 0;
    for (int bit = 0; bit < 8; bit++) {
      int green = picture.pixels()[3 * (8 * picture.width() + 8 * bit + 4) + 1] & 0xff;
      number |= green > 128 ? 1 << bit : 0;
    }

    return number;
  }
}
