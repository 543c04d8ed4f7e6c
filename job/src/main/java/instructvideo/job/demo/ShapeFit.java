package instructvideo.job.demo;

import instructvideo.job.demo.Subject.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where a shape fits best in a frame: the largest normalised correlation with its mask, over all
 * places and radii, whatever the contrast.
 *
 * @param match correlation in [-1, 1]
 * @param x of the middle, pixels
 * @param y of the middle, pixels
 */
record ShapeFit(double match, int x, int y, double radius) {

  private static final double FIRST_RADIUS = 4;
  private static final double LAST_RADIUS = 11;
  private static final double RADIUS_STEP = 0.5;

  /** Shapes whose middle is nearer to the edge are not looked for: none moves so far. */
  private static final int MARGIN = 5;

  private static final Map<Shape, List<Mask>> MASKS = masks();

  /**
   * A shape by itself, 1 inside.
   *
   * @param reach pixels from its middle to each side
   * @param alpha rows of 2 reach + 1
   */
  private record Mask(double radius, int reach, float[] alpha) {

    static Mask of(Shape shape, double radius) {
      int reach = (int) Math.ceil(radius);
      int side = 2 * reach + 1;
      float[] alpha = new float[side * side];
      for (int i = 0; i < alpha.length; i++) {
        alpha[i] = ShapeFit.alpha(shape, i % side - reach, i / side - reach, radius);
      }
      return new Mask(radius, reach, alpha);
    }

    /** The root of the sum of squares once its mean over a frame is taken off. */
    double norm(int pixels) {
      double sum = 0;
      double squares = 0;
      for (float value : alpha) {
        sum += value;
        squares += value * value;
      }
      return Math.sqrt(Math.max(squares - sum * sum / pixels, 1e-3));
    }

    /** What a centred frame has in common with it at a place. */
    double product(float[] centred, int size, int x, int y) {
      int side = 2 * reach + 1;
      double sum = 0;
      for (int row = Math.max(0, y - reach); row <= Math.min(size - 1, y + reach); row++) {
        int at = (row - y + reach) * side - x + reach;
        for (int column = Math.max(0, x - reach);
            column <= Math.min(size - 1, x + reach);
            column++) {
          sum += alpha[at + column] * centred[row * size + column];
        }
      }
      return sum;
    }
  }

  /**
   * The best place of a shape.
   *
   * @param values (size, size), higher where the shape may be
   */
  static ShapeFit best(float[] values, int size, Shape shape) {
    float[] centred = centred(values);
    double norm = 1e-6;
    for (float value : centred) {
      norm += value * value;
    }
    ShapeFit best = new ShapeFit(-2, size / 2, size / 2, FIRST_RADIUS);
    for (Mask mask : MASKS.get(shape)) {
      double scale = 1 / (Math.sqrt(norm) * mask.norm(size * size));
      for (int y = MARGIN; y < size - MARGIN; y++) {
        for (int x = MARGIN; x < size - MARGIN; x++) {
          double match = mask.product(centred, size, x, y) * scale;
          if (match > best.match) {
            best = new ShapeFit(match, x, y, mask.radius);
          }
        }
      }
    }
    return best;
  }

  /** The shape at this place, 1 inside: (size, size). */
  float[] mask(int size, Shape shape) {
    float[] mask = new float[size * size];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        mask[row * size + column] = alpha(shape, column - x, row - y, radius);
      }
    }
    return mask;
  }

  private static float alpha(Shape shape, double dx, double dy, double radius) {
    return (float) Math.min(1, Math.max(0, 0.5 - shape.distance(dx, dy, radius)));
  }

  private static float[] centred(float[] values) {
    double mean = 0;
    for (float value : values) {
      mean += value / values.length;
    }
    float[] centred = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      centred[i] = (float) (values[i] - mean);
    }
    return centred;
  }

  private static Map<Shape, List<Mask>> masks() {
    Map<Shape, List<Mask>> masks = new EnumMap<>(Shape.class);
    for (Shape shape : Shape.values()) {
      List<Mask> sizes = new ArrayList<>();
      for (double radius = FIRST_RADIUS; radius < LAST_RADIUS; radius += RADIUS_STEP) {
        sizes.add(Mask.of(shape, radius));
      }
      masks.put(shape, sizes);
    }
    return masks;
  }
}
