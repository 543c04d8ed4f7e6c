package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Decoded pixels against PyAV's with the same FFmpeg; fixtures/video/make_videos.py writes them.
 */
class VideoFixtureTest {

  /** swscale's code for other processors may round otherwise; on x86-64 nothing differs. */
  private static final int ROUNDING = 2;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h264.mp4",
        "h264_bt709.mp4",
        "h264_10bit.mp4",
        "mjpeg_full_range.avi",
        "vp8_odd.webm",
        "vp9_444.webm",
        "prores_alpha.mov",
        "huffyuv_422.avi",
        "qtrle_rgba.mov"
      })
  void pixelsAreFfmpegs(String name) throws Exception {
    byte[] expected = resource(name + ".rgb");

    try (VideoReader reader = VideoReader.open(resource(name))) {
      List<RgbFrame> frames = reader.readAll(10);
      assertThat(frames).hasSize(3);
      assertThat(frames.stream().mapToInt(f -> f.pixels().length).sum()).isEqualTo(expected.length);
      assertThat(maxDifference(frames, expected)).isLessThanOrEqualTo(ROUNDING);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h264_bt709.mp4",
        "h264_10bit.mp4",
        "vp8_odd.webm",
        "prores_alpha.mov",
        "qtrle_rgba.mov"
      })
  void chosenPixelsAreFfmpegs(String name) throws Exception {
    byte[] all = resource(name + ".rgb");

    List<SampledFrame> chosen =
        FrameSamplerTest.take(resource(name), new FrameChoice.Middle(1)).frames();
    assertThat(chosen).hasSize(1);
    byte[] expected = Arrays.copyOfRange(all, all.length / 3, 2 * all.length / 3);
    assertThat(maxDifference(List.of(chosen.get(0).picture()), expected))
        .isLessThanOrEqualTo(ROUNDING);
  }

  private static int maxDifference(List<RgbFrame> frames, byte[] expected) {
    int max = 0;
    int at = 0;
    for (RgbFrame frame : frames) {
      for (byte value : frame.pixels()) {
        max = Math.max(max, Math.abs((value & 0xff) - (expected[at++] & 0xff)));
      }
    }

    return max;
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = VideoFixtureTest.class.getResourceAsStream("/fixtures/video/" + name)) {
      return in.readAllBytes();
    }
  }
}
