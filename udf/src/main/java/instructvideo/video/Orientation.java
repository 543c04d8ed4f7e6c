package instructvideo.video;

import org.bytedeco.javacpp.IntPointer;

/**
 * How a stored picture is turned and mirrored for display: (x, y) goes to (a x + c y, b x + d y),
 * with values of -1, 0 and 1. Any other transformation counts as none.
 */
record Orientation(int a, int b, int c, int d) {

  static final Orientation NONE = new Orientation(1, 0, 0, 1);

  private static final double ONE = 1 << 16; // 16.16 fixed point

  /** Reads a display matrix: 9 numbers, a b u, c d v, x y w. */
  static Orientation of(IntPointer matrix) {
    Orientation read =
        new Orientation(
            (int) Math.rint(matrix.get(0) / ONE),
            (int) Math.rint(matrix.get(1) / ONE),
            (int) Math.rint(matrix.get(3) / ONE),
            (int) Math.rint(matrix.get(4) / ONE));
    boolean upright = Math.abs(read.a * read.d) == 1 && read.b == 0 && read.c == 0;
    boolean sideways = Math.abs(read.b * read.c) == 1 && read.a == 0 && read.d == 0;
    return upright || sideways ? read : NONE;
  }

  /** Whether width and height change places. */
  boolean isSideways() {
    return a == 0;
  }

  /** Degrees clockwise, of a picture that is not mirrored. */
  int degrees() {
    return isSideways() ? (b > 0 ? 90 : 270) : (a > 0 ? 0 : 180);
  }

  RgbFrame apply(RgbFrame stored) {
    if (equals(NONE)) {
      return stored;
    }

    int width = isSideways() ? stored.height() : stored.width();
    int height = isSideways() ? stored.width() : stored.height();
    byte[] pixels = new byte[stored.pixels().length];
    for (int y = 0; y < stored.height(); y++) {
      for (int x = 0; x < stored.width(); x++) {
        int toX = along(a, x, stored.width()) + along(c, y, stored.height());
        int toY = along(b, x, stored.width()) + along(d, y, stored.height());
        int from = 3 * (y * stored.width() + x);
        System.arraycopy(stored.pixels(), from, pixels, 3 * (toY * width + toX), 3);
      }
    }

    return new RgbFrame(width, height, pixels);
  }

  private static int along(int sign, int at, int size) {
    return sign == 0 ? 0 : sign > 0 ? at : size - 1 - at;
  }
}
