package instructvideo.job;

import java.util.Locale;

/** Seconds as people say them. */
public final class Durations {

  private Durations() {}

  /** Such as 45 s, 12 min, 3.4 h. */
  public static String text(double seconds) {
    if (seconds < 90) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }

    return seconds < 5400
        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
