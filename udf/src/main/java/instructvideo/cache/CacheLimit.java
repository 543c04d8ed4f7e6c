package instructvideo.cache;

import instructvideo.error.InvalidInputException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a cache may hold: a share of what its disk has for it, or a number of bytes.
 *
 * @param text as it was given
 * @param percent of free and held bytes together; 0 for a number of bytes
 */
record CacheLimit(String text, int percent, long bytes) {

  private static final Pattern SHARE = Pattern.compile("([1-9]\\d?|100)%");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})([KMGT]?)B?");
  private static final String UNITS = "KMGT";

  /**
   * Reads 80%, 500G or 1000000.
   *
   * @throws InvalidInputException if it is none of these
   */
  static CacheLimit parse(String text) {
    String value = text.strip().toUpperCase(Locale.ROOT);
    Matcher share = SHARE.matcher(value);
    if (share.matches()) {
      return new CacheLimit(text, Integer.parseInt(share.group(1)), 0);
    }

    Matcher bytes = BYTES.matcher(value);
    if (!bytes.matches()) {
      throw InvalidInputException.of(
          "Invalid INSTRUCTVIDEO_CACHE_LIMIT: %s; give bytes, such as 50G, or a share of the disk,"
              + " such as 80%%",
          text);
    }

    int power = bytes.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(bytes.group(2));
    double number = Long.parseLong(bytes.group(1)) * Math.pow(1024, power);
    return new CacheLimit(text, 0, (long) number); // at most the largest long
  }

  /** In bytes, of a disk with so many free bytes where the cache has others. */
  long of(long free, long held) {
    return percent == 0 ? bytes : (long) ((free + held) * (percent / 100.0));
  }
}
