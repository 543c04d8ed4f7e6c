package instructvideo.job.html;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.video.RgbFrame;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PicturesTest {

  @Test
  void smallPictureIsTheMeanOfPixels() {
    byte[] pixels = new byte[4 * 2 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i < 12 ? 200 : 100); // two rows of four
    }

    RgbFrame small = Pictures.shrink(new RgbFrame(4, 2, pixels), 2);
    assertThat(small.width()).isEqualTo(2);
    assertThat(small.height()).isEqualTo(1);
    assertThat(small.pixels()).containsOnly((byte) 150);
    RgbFrame frame = new RgbFrame(4, 2, pixels);
    assertThat(Pictures.shrink(frame, 4).pixels()).isEqualTo(pixels);
    assertThat(Pictures.shrink(new RgbFrame(3, 1, new byte[9]), 2).height()).isEqualTo(1);
  }

  @Test
  void picturesOfTwoSizesStandSideBySide() {
    byte[] left = new byte[2 * 3];
    Arrays.fill(left, (byte) 10);
    byte[] right = new byte[2 * 3];
    Arrays.fill(right, (byte) 20);
    RgbFrame both = Pictures.beside(new RgbFrame(1, 2, left), new RgbFrame(2, 1, right), 1);
    assertThat(both.width()).isEqualTo(4);
    assertThat(both.height()).isEqualTo(2);
    byte grey = (byte) 128;
    assertThat(channel(both)).containsExactly(10, grey, 20, 20, 10, grey, grey, grey);
  }

  private static byte[] channel(RgbFrame frame) {
    byte[] reds = new byte[frame.pixels().length / 3];
    for (int i = 0; i < reds.length; i++) {
      reds[i] = frame.pixels()[3 * i];
    }

    return reds;
  }
}
