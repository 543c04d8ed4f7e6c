package instructvideo.job.html;

import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {

  private static final int MAX_DECIMALS = 9;

  private Figures() {}

  /**
   * Three decimals, fewer of large numbers, more of small ones, scientific for tiny ones; "no
   * number" for NaN and infinity.
   */
  public static String text(double value) {
    if (!Double.isFinite(value)) {
      return "no number";
    }

    double size = Math.abs(value);
    if (size != 0 && size < 1e-4) {
      return String.format(Locale.ROOT, "%.1e", value);
    }

    return text(value, size < 10 ? Math.max(3, decimals(size)) : decimals(size));
  }

  /** With as many decimals, so that numbers that belong together can be compared. */
  public static String text(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return "no number";
    }

    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }

  /** The same with its sign. */
  public static String signed(double value, int decimals) {
    return (value > 0 ? "+" : "") + text(value, decimals);
  }

  /** Decimals that show three digits of a number of this size; those of 0.1 for 0 and NaN. */
  public static int decimals(double size) {
    double positive = Math.abs(size);
    if (positive == 0 || !Double.isFinite(positive)) {
      return 3;
    }

    int digits = 2 - (int) Math.floor(Math.log10(positive) + 1e-9);
    return Math.max(0, Math.min(MAX_DECIMALS, digits));
  }

  /** A share, such as 71 %. */
  public static String percent(double share) {
    return Double.isFinite(share)
        ? String.format(Locale.ROOT, "%.0f %%", 100 * share)
        : "no number";
  }
}
