package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoReaderTest {

  @TempDir Path directory;

  /** Frame i of the clip is on display at i / fps; each line names the frames of the video. */
  @ParameterizedTest
  @CsvSource({
    "8,  8, 4, 0 1 2 3",
    "24, 8, 4, 0 3 6 9",
    "12, 8, 4, 0 1 3 4",
    "4,  8, 6, 0 0 1 1 2 2",
    "30, 7, 5, 0 4 8 12 17",
    "5,  30, 7, 0 0 0 0 0 0 1"
  })
  void framesAreTakenByTime(double fps, double clipFps, int count, String expected)
      throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(20, 16, 16), fps, VideoFormat.FFV1);

    assertThat(indices(file, new FrameSelection(count, clipFps)))
        .isEqualTo(Arrays.stream(expected.split(" ")).map(Integer::valueOf).toList());
  }

  /** GIF has times in hundredths, so frames at 12.5 / 100 are rounded. */
  @ParameterizedTest
  @CsvSource({"MP4", "GIF", "APNG", "FFV1"})
  void roundedTimesStillGiveEveryFrame(VideoFormat format) throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(16, 32, 32), 8, format);

    try (VideoReader reader = VideoReader.open(file)) {
      List<RgbFrame> clip = reader.read(new FrameSelection(16, 8));
      assertThat(clip.stream().distinct()).hasSize(16);
    }
  }

  @Test
  void shortVideoNamesWhatItHasAndWhatIsNeeded() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(14, 16, 16), 8, VideoFormat.MP4);

    assertThatThrownBy(() -> indices(file, new FrameSelection(16, 8)))
        .isInstanceOf(VideoException.class)
        .hasMessage("too short: 1.75 s, 16 frames at 8 a second need 2.00 s");
  }

  @Test
  void lessThanAFrameMayBeMissing() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(19, 16, 16), 10, VideoFormat.FFV1);

    assertThat(indices(file, new FrameSelection(16, 8))).endsWith(15, 16, 17, 18).hasSize(16);
  }

  @Test
  void pictureIsAVideoOfOneFrame() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(1, 16, 16), 8, VideoFormat.PNG);

    assertThat(indices(file, new FrameSelection(1, 8))).containsExactly(0);
    assertThatThrownBy(() -> indices(file, new FrameSelection(2, 8)))
        .hasMessageStartingWith("too short: 0.04 s, 2 frames at 8 a second need 0.25 s");
  }

  @Test
  void contentCountsNotTheName() throws Exception {
    Path file = directory.resolve("clip.txt");
    VideoWriter.write(file, TestFrames.moving(4, 16, 16), 8, VideoFormat.MP4);

    try (VideoReader reader = VideoReader.open(file)) {
      assertThat(reader.info()).isEqualTo(new VideoInfo(16, 16, 4, 0.5, 8, "h264", 0));
    }
  }

  @Test
  void truncatedFileGivesWhatDecodes() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.noisy(40, 64, 64), 8, VideoFormat.MP4);
    byte[] half = Arrays.copyOf(file, file.length * 2 / 3);

    try (VideoReader reader = VideoReader.open(half)) {
      assertThat(reader.read(new FrameSelection(8, 8))).hasSize(8);
    }

    assertThatThrownBy(() -> indices(half, new FrameSelection(40, 8)))
        .isInstanceOf(VideoException.class)
        .hasMessageMatching("too short: \\d\\.\\d\\d s.*, 40 frames at 8 a second need 5.00 s");
  }

  @Test
  void framesBehindDamageDoNotCount() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.noisy(40, 64, 64), 8, VideoFormat.MP4);
    Arrays.fill(file, file.length / 2, file.length * 3 / 4, (byte) 0x55);

    assertThatThrownBy(() -> indices(file, new FrameSelection(40, 8)))
        .isInstanceOf(VideoException.class)
        .hasMessageContaining("s can be decoded (then: Invalid data found");
  }

  @ParameterizedTest
  @CsvSource({"''", "not a video at all", "'<html><body>404</body></html>'"})
  void otherFilesAreRefused(String text) {
    assertThatThrownBy(() -> VideoReader.open(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(VideoException.class)
        .hasMessage("not a video: Invalid data found when processing input");
  }

  @Test
  void randomBytesAreRefused() {
    byte[] bytes = new byte[100_000];
    new java.util.Random(1).nextBytes(bytes);

    assertThatThrownBy(() -> indices(bytes, new FrameSelection(1, 8)))
        .isInstanceOf(VideoException.class);
  }

  @Test
  void soundAloneIsRefused() {
    ByteBuffer wav = ByteBuffer.allocate(44 + 8000).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 8000);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(8000);
    wav.putShort((short) 1).putShort((short) 8);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(8000);

    assertThatThrownBy(() -> VideoReader.open(wav.array()))
        .isInstanceOf(VideoException.class)
        .hasMessage("no video stream in the file");
  }

  /** A list of files must not make the reader open them. */
  @ParameterizedTest
  @CsvSource({"ffconcat", "m3u8"})
  void playlistsOpenNothing(String kind) throws Exception {
    Path secret = directory.resolve("secret.ts");
    VideoWriter.write(secret, TestFrames.moving(4, 16, 16), 8, VideoFormat.MP4);
    String list =
        kind.equals("m3u8")
            ? "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://%s\n#EXT-X-ENDLIST\n"
            : "ffconcat version 1.0\nfile 'file:%s'\n";
    byte[] bytes = String.format(Locale.ROOT, list, secret).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> indices(bytes, new FrameSelection(1, 8)))
        .isInstanceOf(VideoException.class);
  }

  /** The display matrix of the track header, 16.16 fixed point: a b u, c d v, x y w. */
  @ParameterizedTest
  @CsvSource({"0 1 -1 0, 90", "-1 0 0 -1, 180", "0 -1 1 0, 270"})
  void rotationIsApplied(String matrix, int degrees) throws Exception {
    List<RgbFrame> frames = TestFrames.moving(3, 32, 64);
    byte[] file = VideoWriter.encode(frames, 8, VideoFormat.MP4);
    RgbFrame upright = readAll(file).get(1);
    setMatrix(file, Arrays.stream(matrix.split(" ")).mapToInt(Integer::parseInt).toArray());

    try (VideoReader reader = VideoReader.open(file)) {
      assertThat(reader.info().rotation()).isEqualTo(degrees);
      RgbFrame turned = reader.readAll(2).get(1);
      assertThat(reader.info().width()).isEqualTo(turned.width());
      assertThat(turned.width()).isEqualTo(degrees == 180 ? 64 : 32);
      assertThat(turned.pixels()).isEqualTo(turn(upright, degrees).pixels());
    }
  }

  @Test
  void lateDecodingIsCutOff() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(16, 64, 64), 8, VideoFormat.MP4);
    SeekableSource slow =
        new Wrapped(file) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            sleep(60);
            return super.read(buffer, offset, Math.min(length, 100));
          }
        };

    assertThatThrownBy(
            () -> {
              try (VideoReader reader = VideoReader.open(slow, Duration.ofSeconds(1))) {
                reader.read(new FrameSelection(16, 8));
              }
            })
        .isInstanceOf(VideoException.class)
        .hasMessage("decoding took longer than 1 s");
  }

  @Test
  void brokenSourceIsNotABrokenVideo() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(16, 64, 64), 8, VideoFormat.MP4);
    SeekableSource broken =
        new Wrapped(file) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("503 Slow Down");
          }
        };

    assertThatThrownBy(() -> VideoReader.open(broken, VideoReader.TIMEOUT))
        .isInstanceOf(IOException.class)
        .hasMessage("503 Slow Down");
  }

  /** More readers at once than JavaCPP has room for callbacks. */
  @Test
  void manyReadersAtOnce() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(4, 16, 16), 8, VideoFormat.MP4);
    List<VideoReader> readers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      readers.add(VideoReader.open(file));
    }

    for (VideoReader reader : readers) {
      assertThat(reader.readAll(10)).hasSize(4);
      reader.close();
    }
  }

  /** Which frames of the file a selection takes. */
  private static List<Integer> indices(byte[] file, FrameSelection selection) throws Exception {
    List<RgbFrame> all = readAll(file);
    try (VideoReader reader = VideoReader.open(file)) {
      return reader.read(selection).stream().map(frame -> indexOf(all, frame)).toList();
    }
  }

  private static int indexOf(List<RgbFrame> all, RgbFrame frame) {
    for (int i = 0; i < all.size(); i++) {
      if (Arrays.equals(all.get(i).pixels(), frame.pixels())) {
        return i;
      }
    }

    return -1;
  }

  private static List<RgbFrame> readAll(byte[] file) throws Exception {
    try (VideoReader reader = VideoReader.open(file)) {
      return reader.readAll(1000);
    }
  }

  private static void setMatrix(byte[] file, int... abcd) {
    int tkhd = new String(file, StandardCharsets.ISO_8859_1).indexOf("tkhd");
    ByteBuffer matrix = ByteBuffer.wrap(file, tkhd + 4 + 40, 36).slice();
    int one = 1 << 16;
    matrix.putInt(abcd[0] * one).putInt(abcd[1] * one).putInt(0);
    matrix.putInt(abcd[2] * one).putInt(abcd[3] * one).putInt(0);
  }

  /** Clockwise. */
  private static RgbFrame turn(RgbFrame frame, int degrees) {
    RgbFrame turned = frame;
    for (int i = 0; i < degrees / 90; i++) {
      turned = turnOnce(turned);
    }

    return turned;
  }

  private static RgbFrame turnOnce(RgbFrame frame) {
    int newWidth = frame.height();
    int newHeight = frame.width();
    byte[] pixels = new byte[frame.pixels().length];
    for (int y = 0; y < newWidth; y++) {
      for (int x = 0; x < newHeight; x++) {
        int to = 3 * (x * newWidth + newWidth - 1 - y);
        System.arraycopy(frame.pixels(), 3 * (y * newHeight + x), pixels, to, 3);
      }
    }

    return new RgbFrame(newWidth, newHeight, pixels);
  }

  /** Another source's bytes. */
  private static class Wrapped implements SeekableSource {
    private final ByteArraySource bytes;

    Wrapped(byte[] bytes) {
      this.bytes = new ByteArraySource(bytes);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return bytes.read(buffer, offset, length);
    }

    @Override
    public void seek(long position) {
      bytes.seek(position);
    }

    @Override
    public long length() {
      return bytes.length();
    }

    @Override
    public void close() {}

    static void sleep(long millis) throws IOException {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
