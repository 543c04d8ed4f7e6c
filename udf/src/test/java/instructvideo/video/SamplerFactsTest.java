package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.video.FrameSamplerTest.Taken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerFactsTest {

  @ParameterizedTest
  @CsvSource({
    "bframes.mp4, 64, 48, 96, 4, 24, h264",
    "bframes.mkv, 64, 48, 96, 4, 24, h264",
    "h264.ts, 64, 48, 96, 4, 24, h264",
    "fragmented.mp4, 64, 48, 96, 4, 24, h264",
    "raw.h264, 64, 48, 96, , , h264",
    "edit_list.mp4, 64, 48, 86, 3.58, 24, h264",
    "varying.mp4, 64, 48, 40, 6.6, 6.05, h264",
    "hevc_10bit.mp4, 64, 48, 40, 1.667, 24, hevc",
    "av1.webm, 64, 64, 40, 1.667, 24, av1",
    "vp9.webm, 64, 48, 40, 1.667, 24, vp9",
    "mpeg4.avi, 64, 48, 40, 1.667, 24, mpeg4",
    "mpeg2.mpg, 64, 48, 40, 1.667, 24, mpeg2video",
    "odd.mp4, 65, 47, 10, 0.417, 24, h264",
    "animated.gif, 64, 48, 12, 1.2, 10, gif",
    "still.jpg, 64, 48, 1, , , mjpeg",
    "still.png, 64, 48, 1, , , png",
    "still.webp, 64, 48, 1, , , webp",
    "still.bmp, 64, 48, 1, , , bmp",
    "still.tiff, 64, 48, 1, , , tiff",
  })
  void whatIsKnown(
      String name, int width, int height, int frames, Double seconds, Double fps, String codec)
      throws Exception {
    for (FrameChoice choice :
        new FrameChoice[] {new FrameChoice.Middle(2), new FrameChoice.Every(3)}) {
      VideoFacts facts = FrameSamplerTest.take(NumberedVideos.bytes(name), choice).facts();

      assertThat(facts.width()).isEqualTo(width);
      assertThat(facts.height()).isEqualTo(height);
      assertThat(facts.frames()).isEqualTo(frames);
      assertThat(facts.codec()).isEqualTo(codec);
      checkNear(facts.seconds(), seconds, 0.045); // the last frame's duration is not in all files
      checkNear(facts.fps(), fps, 0.6);
    }
  }

  private static void checkNear(Double value, Double expected, double tolerance) {
    if (expected == null) {
      assertThat(value).isNull();
    } else {
      assertThat(value).isEqualTo(expected, within(tolerance));
    }
  }

  @Test
  void videoOfOneFrame() throws Exception {
    Taken taken = FrameSamplerTest.take(NumberedVideos.bytes("one.mp4"), new FrameChoice.Middle(4));

    assertThat(taken.indices()).containsExactly(0);
    assertThat(taken.frames().get(0).time()).isZero();
    assertThat(taken.facts().frames()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 1 -1 0", "0 -1 1 0"})
  void sizeIsThatOfTheTurnedPicture(String matrix) throws Exception {
    byte[] file = NumberedVideos.bytes("moov_at_end.mp4");
    turn(file, matrix.split(" "));

    Taken taken = FrameSamplerTest.take(file, new FrameChoice.Middle(1));
    assertThat(taken.facts().width()).isEqualTo(48);
    assertThat(taken.facts().height()).isEqualTo(64);
    assertThat(taken.frames().get(0).picture().width()).isEqualTo(48);
  }

  /** The display matrix of the track header, 16.16 fixed point: a b u, c d v, x y w. */
  private static void turn(byte[] file, String[] abcd) {
    int tkhd = new String(file, StandardCharsets.ISO_8859_1).indexOf("tkhd");
    ByteBuffer matrix = ByteBuffer.wrap(file, tkhd + 4 + 40, 36).slice();
    int one = 1 << 16;
    matrix.putInt(Integer.parseInt(abcd[0]) * one).putInt(Integer.parseInt(abcd[1]) * one);
    matrix.putInt(0).putInt(Integer.parseInt(abcd[2]) * one);
    matrix.putInt(Integer.parseInt(abcd[3]) * one).putInt(0);
  }
}
