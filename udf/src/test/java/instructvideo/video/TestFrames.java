package instructvideo.video;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pictures for tests: colour ramps that move. */
public final class TestFrames {

  private TestFrames() {}

  /** Some frames, each different. */
  public static List<RgbFrame> moving(int count, int height, int width) {
    List<RgbFrame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[3 * height * width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int at = 3 * (y * width + x);
          pixels[at] = (byte) (200 * x / width + 2 * i);
          pixels[at + 1] = (byte) (200 * y / height + i);
          pixels[at + 2] = (byte) (100 * (x + y) / (width + height) + 5 * i);
        }
      }

      frames.add(new RgbFrame(width, height, pixels));
    }

    return frames;
  }

  /** Some frames that do not compress. */
  static List<RgbFrame> noisy(int count, int height, int width) {
    Random random = new Random(7);
    List<RgbFrame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[3 * height * width];
      random.nextBytes(pixels);
      frames.add(new RgbFrame(width, height, pixels));
    }

    return frames;
  }

  /** Peak signal to noise ratio in dB; infinite for equal pictures. */
  public static double psnr(RgbFrame a, RgbFrame b) {
    double sum = 0;
    for (int i = 0; i < a.pixels().length; i++) {
      double difference = (a.pixels()[i] & 0xff) - (b.pixels()[i] & 0xff);
      sum += difference * difference;
    }

    return 10 * Math.log10(255 * 255 * a.pixels().length / sum);
  }
}
