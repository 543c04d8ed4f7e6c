package instructvideo.job.html;

import instructvideo.video.RgbFrame;
import java.util.Arrays;

/** Pictures made ready for a page. */
public final class Pictures {

  private static final byte GAP_GREY = (byte) 128;

  private Pictures() {}

  /**
   * The mean of the pixels that become one; pictures that are small enough stay as they are.
   *
   * @param size pixels of the longer side
   */
  public static RgbFrame shrink(RgbFrame frame, int size) {
    double scale = Math.min(1, (double) size / Math.max(frame.width(), frame.height()));
    int width = Math.max(1, (int) Math.round(frame.width() * scale));
    int height = Math.max(1, (int) Math.round(frame.height() * scale));
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int top = (int) ((long) y * frame.height() / height);
      int bottom = Math.max(top + 1, (int) ((y + 1L) * frame.height() / height));
      for (int x = 0; x < width; x++) {
        int left = (int) ((long) x * frame.width() / width);
        int right = Math.max(left + 1, (int) ((x + 1L) * frame.width() / width));
        for (int channel = 0; channel < 3; channel++) {
          pixels[3 * (y * width + x) + channel] = mean(frame, channel, left, right, top, bottom);
        }
      }
    }

    return new RgbFrame(width, height, pixels);
  }

  /**
   * Two pictures in one, side by side, the tops level; grey where there is none.
   *
   * @param gap pixels between them
   */
  public static RgbFrame beside(RgbFrame left, RgbFrame right, int gap) {
    int width = left.width() + gap + right.width();
    int height = Math.max(left.height(), right.height());
    byte[] pixels = new byte[3 * width * height];
    Arrays.fill(pixels, GAP_GREY);
    copy(left, pixels, width, 0);
    copy(right, pixels, width, left.width() + gap);
    return new RgbFrame(width, height, pixels);
  }

  private static void copy(RgbFrame frame, byte[] pixels, int width, int x) {
    int row = 3 * frame.width();
    for (int y = 0; y < frame.height(); y++) {
      System.arraycopy(frame.pixels(), y * row, pixels, 3 * (y * width + x), row);
    }
  }

  private static byte mean(RgbFrame frame, int channel, int left, int right, int top, int bottom) {
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += frame.pixels()[3 * (y * frame.width() + x) + channel] & 0xff;
      }
    }

    long count = (long) (right - left) * (bottom - top);
    return (byte) ((sum + count / 2) / count);
  }
}
