package instructvideo.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import instructvideo.testing.Fixtures;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The numbers are numpy's, of the definitions in {@link Measure}. */
class MeasuresTest {

  private static final Offset<Double> EXACT = within(1e-12);
  private static final int WIDTH = 32;
  private static final int HEIGHT = 24;

  /** sin(1), sin(2), ... in rows of three, each of length one. */
  private static final List<float[]> FEATURES =
      List.of(
          new float[] {0.674839437007904f, 0.7292346358299255f, 0.11317484080791473f},
          new float[] {-0.6039251089096069f, -0.7652174234390259f, -0.2229723483324051f},
          new float[] {0.5226203799247742f, 0.7870157361030579f, 0.3278324604034424f},
          new float[] {-0.43227365612983704f, -0.7945820689201355f, -0.42635539174079895f});

  private static PixelMeasures of(RgbFrame... frames) {
    PixelMeasures measures = new PixelMeasures();
    Arrays.stream(frames).forEach(measures::add);
    return measures;
  }

  private static RgbFrame plain(int width, int height, int... colour) {
    byte[] pixels = new byte[3 * width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) colour[i % 3];
    }

    return new RgbFrame(width, height, pixels);
  }

  @Test
  void pixelsOfAClip() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.path("video/huffyuv_422.avi.rgb"));
    PixelMeasures measures = new PixelMeasures();
    int size = 3 * WIDTH * HEIGHT;
    for (int at = 0; at < bytes.length; at += size) {
      measures.add(new RgbFrame(WIDTH, HEIGHT, Arrays.copyOfRange(bytes, at, at + size)));
    }

    assertThat(measures.motion()).isCloseTo(0.03526433142701525, EXACT);
    assertThat(measures.sharpness()).isCloseTo(0.01808922765120678, EXACT);
    assertThat(measures.saturation()).isCloseTo(0.512167824163776, EXACT);
  }

  @Test
  void pixelsAtTheEnds() {
    RgbFrame red = plain(4, 4, 255, 0, 0);
    assertThat(of(red, red).motion()).isEqualTo(0);
    assertThat(of(red, plain(4, 4, 0, 255, 255)).motion()).isEqualTo(1);
    assertThat(of(red).motion()).as("a single frame").isNull();
    assertThat(of(red).saturation()).isEqualTo(1);
    assertThat(of(plain(4, 4, 0, 0, 0), red).saturation()).isEqualTo(0.5);
    assertThat(of(plain(4, 4, 9, 9, 9)).saturation()).isEqualTo(0);
    assertThat(of(red).sharpness()).isCloseTo(0, EXACT);
    assertThat(of(plain(2, 9, 1, 2, 3)).sharpness()).as("no inner pixels").isNull();
    assertThatThrownBy(() -> of(red, plain(4, 6, 0, 0, 0)))
        .hasMessage("its frames differ in size: 4 x 4, then 4 x 6");
  }

  @Test
  void features() {
    assertThat(FeatureMeasures.consistency(FEATURES)).isCloseTo(-0.9909354793939927, EXACT);
    assertThat(FeatureMeasures.diversity(FEATURES)).isCloseTo(1.3273917389532748, EXACT);
    float[] mean = FeatureMeasures.mean(FEATURES);
    assertThat(mean[0]).isCloseTo(0.603931375f, within(1e-7f));
    assertThat(mean[1]).isCloseTo(-0.163093815f, within(1e-7f));
    assertThat(mean[2]).isCloseTo(-0.780171328f, within(1e-7f));
    assertThat(FeatureMeasures.consistency(FEATURES.subList(0, 1))).isNull();
    assertThat(FeatureMeasures.diversity(FEATURES.subList(0, 1))).isNull();
  }
}
