package instructvideo.job.html;

/** Round numbers for the axes of a diagram. */
public final class Ticks {

  private static final int[] STEPS = {1, 2, 5};

  private Ticks() {}

  /** The next larger of 1, 2, 5, 10 ... times a power of ten. */
  public static double step(double width) {
    double power = Math.pow(10, Math.floor(Math.log10(width)));
    for (int step : STEPS) {
      if (step * power >= width) {
        return step * power;
      }
    }

    return 10 * power;
  }

  /** Decimals with which multiples of a step are told apart. */
  public static int decimals(double step) {
    return Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
  }
}
