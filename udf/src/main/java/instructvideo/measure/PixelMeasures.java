package instructvideo.measure;

import instructvideo.video.RgbFrame;

/** The measures of a video's pixels; takes its frames one after the other and keeps one. */
public final class PixelMeasures {

  private static final double WHITE = 255;
  private static final int CHANNELS = 3;

  private RgbFrame last;
  private int frames;
  private double motion;
  private double sharpness;
  private double saturation;

  /**
   * Takes the next frame.
   *
   * @throws IllegalArgumentException if it is of another size than the one before
   */
  public void add(RgbFrame frame) {
    if (last != null) {
      motion += motion(last, frame);
    }

    sharpness += sharpness(frame);
    saturation += saturation(frame);
    last = frame;
    frames++;
  }

  /** {@link Measure#MOTION}; null of a single frame. */
  public Double motion() {
    return frames < 2 ? null : Double.valueOf(motion / (frames - 1));
  }

  /** {@link Measure#SHARPNESS}; null of frames of fewer than 3 x 3 pixels. */
  public Double sharpness() {
    boolean hasInner = frames > 0 && last.width() >= 3 && last.height() >= 3;
    return hasInner ? Double.valueOf(sharpness / frames) : null;
  }

  /** {@link Measure#SATURATION}; null without frames. */
  public Double saturation() {
    return frames == 0 ? null : Double.valueOf(saturation / frames);
  }

  private static double motion(RgbFrame one, RgbFrame next) {
    if (one.width() != next.width() || one.height() != next.height()) {
      throw new IllegalArgumentException(
          "its frames differ in size: %d x %d, then %d x %d"
              .formatted(one.width(), one.height(), next.width(), next.height()));
    }

    long sum = 0;
    for (int i = 0; i < one.pixels().length; i++) {
      sum += Math.abs((next.pixels()[i] & 0xff) - (one.pixels()[i] & 0xff));
    }

    return sum / WHITE / one.pixels().length;
  }

  private static double saturation(RgbFrame frame) {
    byte[] pixels = frame.pixels();
    double sum = 0;
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      int red = pixels[i] & 0xff;
      int green = pixels[i + 1] & 0xff;
      int blue = pixels[i + 2] & 0xff;
      int max = Math.max(red, Math.max(green, blue));
      int min = Math.min(red, Math.min(green, blue));
      sum += max == 0 ? 0 : (double) (max - min) / max;
    }

    return sum * CHANNELS / pixels.length;
  }

  /** NaN without inner pixels. */
  private static double sharpness(RgbFrame frame) {
    double[] luma = luma(frame);
    int width = frame.width();
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int y = 1; y < frame.height() - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int at = y * width + x;
        double laplacian =
            luma[at - width] + luma[at + width] + luma[at - 1] + luma[at + 1] - 4 * luma[at];
        sum += laplacian;
        squares += laplacian * laplacian;
        count++;
      }
    }

    double mean = sum / count;
    return Math.max(0, squares / count - mean * mean);
  }

  private static double[] luma(RgbFrame frame) {
    byte[] pixels = frame.pixels();
    double[] luma = new double[pixels.length / CHANNELS];
    for (int i = 0; i < luma.length; i++) {
      int red = pixels[CHANNELS * i] & 0xff;
      int green = pixels[CHANNELS * i + 1] & 0xff;
      int blue = pixels[CHANNELS * i + 2] & 0xff;
      luma[i] = (0.299 * red + 0.587 * green + 0.114 * blue) / WHITE;
    }

    return luma;
  }
}
