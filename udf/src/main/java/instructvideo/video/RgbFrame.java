package instructvideo.video;

/**
 * A picture.
 *
 * @param pixels rows from the top, red, green and blue of each pixel: height * width * 3 bytes
 */
public record RgbFrame(int width, int height, byte[] pixels) {

  public RgbFrame {
    if (width < 1 || height < 1 || pixels.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "Invalid frame: %d bytes for %d x %d pixels".formatted(pixels.length, width, height));
    }
  }
}
