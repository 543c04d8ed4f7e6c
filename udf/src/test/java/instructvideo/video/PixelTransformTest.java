package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PixelTransformTest {

  /** 11 x 23 scaled to 6 x 13, cut to 6 x 8. */
  @Test
  void numbersAreTorchs() throws Exception {
    RgbFrame frame = new RgbFrame(23, 11, VideoFixtureTest.resource("resize.rgb"));
    String text = new String(VideoFixtureTest.resource("resize.txt"), StandardCharsets.US_ASCII);
    List<Float> expected = text.lines().map(Float::valueOf).toList();

    float[] pixels = apply(new PixelTransform(6, 8), frame);

    assertThat(pixels).hasSameSizeAs(expected);
    for (int i = 0; i < pixels.length; i++) {
      assertThat(pixels[i]).isCloseTo(expected.get(i), Offset.offset(1e-6f));
    }
  }

  @Test
  void pictureOfTheRightSizeIsOnlyScaledInValue() {
    RgbFrame frame = TestFrames.moving(1, 6, 8).get(0);

    float[] pixels = apply(new PixelTransform(6, 8), frame);

    assertThat(pixels[0]).isEqualTo((frame.pixels()[0] & 0xff) / 127.5f - 1);
    assertThat(pixels[6 * 8 + 1]).isEqualTo((frame.pixels()[4] & 0xff) / 127.5f - 1);
  }

  @Test
  void tallPictureLosesTopAndBottom() {
    byte[] pixels = new byte[3 * 12 * 4];
    for (int y = 4; y < 8; y++) {
      java.util.Arrays.fill(pixels, 3 * 4 * y, 3 * 4 * (y + 1), (byte) 255);
    }

    assertThat(apply(new PixelTransform(4, 4), new RgbFrame(4, 12, pixels))).containsOnly(1f);
  }

  @Test
  void imagesBecomePictures() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray images = manager.create(new float[] {0, 1, 0.5f, 0.2f, 2, -1}, new Shape(1, 3, 1, 2));

      List<RgbFrame> frames = PixelTransform.toFrames(images);

      assertThat(frames).hasSize(1);
      assertThat(frames.get(0).pixels()).containsExactly(0, 128, 255, 255, 51, 0);
    }
  }

  private static float[] apply(PixelTransform transform, RgbFrame frame) {
    try (NDManager manager = NDManager.newBaseManager()) {
      return transform.apply(manager, frame);
    }
  }
}
