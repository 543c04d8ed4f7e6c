package instructvideo.clip;

import java.util.Locale;

/**
 * Python's {@code str.lower()}. Java's differs where a capital sigma ends a word: it looks for
 * cased letters in another way.
 */
final class LowerCase {

  private static final int SIGMA = 0x03A3;
  private static final int SMALL_SIGMA = 0x03C3;
  private static final int FINAL_SIGMA = 0x03C2;

  /**
   * Punctuation that Unicode counts to the word around it (Word_Break MidLetter, MidNumLet,
   * Single_Quote).
   */
  private static final String INSIDE_WORDS = "':.··՟״‘’․‧︓﹒﹕＇．：";

  private LowerCase() {}

  /** Lower case, a sigma at the end of a word in its final form. */
  static String of(String text) {
    if (text.indexOf(SIGMA) < 0) {
      return text.toLowerCase(Locale.ROOT);
    }

    int[] points = text.codePoints().toArray();
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < points.length; i++) {
      boolean isFinal = points[i] == SIGMA && isCased(points, i, -1) && !isCased(points, i, 1);
      int small = isFinal ? FINAL_SIGMA : SMALL_SIGMA;
      lower.appendCodePoint(points[i] == SIGMA ? small : points[i]);
    }

    return lower.toString().toLowerCase(Locale.ROOT);
  }

  /** Whether the next character in a direction, ignorable ones left out, is a cased letter. */
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

  /** Unicode's Case_Ignorable. */
  private static boolean isIgnorable(int point) {
    return switch (Character.getType(point)) {
      case Character.MODIFIER_LETTER,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.FORMAT,
          Character.MODIFIER_SYMBOL ->
          true;
      default -> INSIDE_WORDS.indexOf(point) >= 0;
    };
  }
}
