package instructvideo.clip;

import java.util.Locale;

final class LowerCase {
  private static final int SIGMA = 931;
  private static final String INSIDE_WORDS = "':.··՟״‘’․‧︓﹒﹕＇．：";

  private LowerCase() {}

  static String of(String text) {
    if (text.indexOf(SIGMA) < 0) {
      return text.toLowerCase(Locale.ROOT);
    } else {
      int[] points = text.codePoints().toArray();
      StringBuilder lower = new StringBuilder(text.length());

      for (int i = 0; i < points.length; i++) {
        boolean isFinal = points[i] == SIGMA && isCased(points, i, -1) && !isCased(points, i, 1);
        int small = isFinal ? 962 : 963;
        lower.appendCodePoint(points[i] == SIGMA ? small : points[i]);
      }

      return lower.toString().toLowerCase(Locale.ROOT);
    }
  }

  private static boolean isCased(int[] points, int position, int direction) {
    int i = position + direction;

    while (i >= 0 && i < points.length && isIgnorable(points[i])) {
      i += direction;
    }

    return i >= 0
        && i < points.length
        && (Character.isLowerCase(points[i])
            || Character.isUpperCase(points[i])
            || Character.isTitleCase(points[i]));
  }

  private static boolean isIgnorable(int point) {
    return switch (Character.getType(point)) {
      case 4, 6, 7, 16, 27 -> true;
      default -> INSIDE_WORDS.indexOf(point) >= 0;
    };
  }
}
