package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoWriterTest {

  @ParameterizedTest
  @CsvSource({"64,96,36", "63,95,36", "16,16,31", "8,8,27", "256,256,40"})
  void mp4ComesBack(int height, int width, double psnr) throws Exception {
    List<RgbFrame> frames = TestFrames.moving(12, height, width);

    byte[] file = VideoWriter.encode(frames, 8, VideoFormat.MP4);

    try (VideoReader reader = VideoReader.open(file)) {
      VideoInfo info = reader.info();
      assertThat(info.codec()).isEqualTo("h264");
      assertThat(info.frames()).isEqualTo(12);
      assertThat(info.fps()).isEqualTo(8);
      assertThat(info.width()).isEqualTo(Math.max(16, width + width % 2));
      assertThat(info.height()).isEqualTo(Math.max(16, height + height % 2));
      List<RgbFrame> read = reader.readAll(100);
      assertAllAbove(psnr, frames, read.stream().map(f -> topLeft(f, height, width)).toList());
    }
  }

  /** libopenh264 fails on noise at its finest; then it is written coarser. */
  @Test
  void noiseIsWrittenToo() throws Exception {
    byte[] pixels = new byte[3 * 256 * 256];
    new Random(1).nextBytes(pixels);
    RgbFrame noise = new RgbFrame(256, 256, pixels);

    byte[] file = VideoWriter.encode(List.of(noise, noise), 8, VideoFormat.MP4);

    try (VideoReader reader = VideoReader.open(file)) {
      assertThat(reader.readAll(9)).hasSize(2);
    }
  }

  /** Scores are read from these files: without colour, whose halving no codec can undo. */
  @Test
  void mp4KeepsGreyWithinALevelOrTwo() throws Exception {
    byte[] pixels = new byte[3 * 64 * 64];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % 64;
      int y = i / 3 / 64;
      pixels[i] = (byte) (128 + 60 * Math.sin(x * 0.2) + 40 * Math.cos(y * 0.15));
    }

    byte[] file = VideoWriter.encode(List.of(new RgbFrame(64, 64, pixels)), 8, VideoFormat.MP4);

    try (VideoReader reader = VideoReader.open(file)) {
      byte[] read = reader.readAll(1).get(0).pixels();
      double sum = 0;
      for (int i = 0; i < read.length; i++) {
        sum += Math.abs((read[i] & 0xff) - (pixels[i] & 0xff));
      }

      assertThat(sum / read.length).isLessThan(1);
    }
  }

  /** Browsers start to play when the index comes first. */
  @Test
  void mp4HasItsIndexInFront() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(300, 64, 64), 24, VideoFormat.MP4);

    String text = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(text.indexOf("moov")).isPositive().isLessThan(text.indexOf("mdat"));
  }

  @ParameterizedTest
  @CsvSource({"FFV1,12", "APNG,12", "PNG,1"})
  void losslessFormatsKeepEveryPixel(VideoFormat format, int count) throws Exception {
    List<RgbFrame> frames = TestFrames.moving(12, 37, 51);

    byte[] file = VideoWriter.encode(frames, 12.5, format);

    try (VideoReader reader = VideoReader.open(file)) {
      List<RgbFrame> read = reader.readAll(100);
      assertThat(read).hasSize(count);
      for (int i = 0; i < count; i++) {
        assertThat(read.get(i).pixels()).isEqualTo(frames.get(i).pixels());
      }
    }
  }

  @Test
  void gifHasAPaletteOfItsOwn() throws Exception {
    List<RgbFrame> frames = TestFrames.moving(12, 64, 64);

    byte[] file = VideoWriter.encode(frames, 8, VideoFormat.GIF);

    try (VideoReader reader = VideoReader.open(file)) {
      assertAllAbove(28, frames, reader.readAll(100));
    }
  }

  @Test
  void fewColorsSurviveTheGifUnchangedWithinALevel() throws Exception {
    byte[] pixels = new byte[3 * 32 * 32];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = (byte) (i / 3 % 32 < 16 ? 255 : 0);
    }

    List<RgbFrame> frames = List.of(new RgbFrame(32, 32, pixels));
    byte[] file = VideoWriter.encode(frames, 8, VideoFormat.GIF);

    try (VideoReader reader = VideoReader.open(file)) {
      assertThat(reader.readAll(1).get(0).pixels()).isEqualTo(pixels);
    }
  }

  /** ffmpeg decodes no animated WebP, so its frames are counted. */
  @Test
  void webpIsAnimated() throws Exception {
    byte[] file = VideoWriter.encode(TestFrames.moving(12, 64, 64), 8, VideoFormat.WEBP);

    String text = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("RIFF").contains("WEBP").contains("ANIM");
    assertThat(text.split("ANMF", -1)).hasSize(13);
  }

  @ParameterizedTest
  @CsvSource({"MP4", "FFV1", "GIF", "WEBP", "APNG", "PNG"})
  void sameFramesGiveSameBytes(VideoFormat format) throws Exception {
    List<RgbFrame> frames = TestFrames.moving(6, 32, 32);

    assertThat(VideoWriter.encode(frames, 8, format))
        .isEqualTo(VideoWriter.encode(frames, 8, format));
  }

  /** Without the pixels that make up for a size that H.264 does not have. */
  private static RgbFrame topLeft(RgbFrame frame, int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    for (int y = 0; y < height; y++) {
      System.arraycopy(frame.pixels(), 3 * y * frame.width(), pixels, 3 * y * width, 3 * width);
    }

    return new RgbFrame(width, height, pixels);
  }

  private static void assertAllAbove(double psnr, List<RgbFrame> frames, List<RgbFrame> read) {
    assertThat(read).hasSameSizeAs(frames);
    for (int i = 0; i < read.size(); i++) {
      assertThat(TestFrames.psnr(frames.get(i), read.get(i))).isGreaterThan(psnr);
    }
  }
}
