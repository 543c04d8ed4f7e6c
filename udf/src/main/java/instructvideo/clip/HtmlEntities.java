package instructvideo.clip;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Character references of HTML: Python's {@code html.unescape}, and the narrower one of ftfy. The
 * names are those of HTML 5, from a resource.
 */
final class HtmlEntities {

  /** That of Python's html module. */
  private static final Pattern REFERENCE =
      Pattern.compile("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");

  /** That of ftfy: with its semicolon. */
  private static final Pattern COMPLETE = Pattern.compile("&#?[0-9A-Za-z]{1,24};");

  /** What 0x80 to 0x9f mean in Windows' code page, which HTML takes them for. */
  static final String WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

  private static final String REPLACEMENT = "�";

  /** A number of more digits is no character. */
  private static final int LARGEST_DIGITS = 9;

  private static final Map<String, String> NAMED = named();

  /** ftfy knows names in capitals too: &NTILDE; as the capital of &ntilde;. */
  private static final Map<String, String> UPPERCASE = uppercase();

  private HtmlEntities() {}

  /** As {@code html.unescape}: names may lack their semicolon. */
  static String unescape(String text) {
    return text.indexOf('&') < 0
        ? text
        : REFERENCE
            .matcher(text)
            .replaceAll(match -> Matcher.quoteReplacement(decode(match.group(1))));
  }

  /** As ftfy's: only references with a semicolon, and those of names in capitals. */
  static String unescapeComplete(String text) {
    return text.indexOf('&') < 0
        ? text
        : COMPLETE
            .matcher(text)
            .replaceAll(match -> Matcher.quoteReplacement(decodeComplete(match.group())));
  }

  private static String decodeComplete(String reference) {
    if (reference.charAt(1) == '#') {
      String text = unescape(reference);
      return text.indexOf(';') < 0 ? text : reference;
    }

    String name = reference.substring(1);
    return NAMED.getOrDefault(name, UPPERCASE.getOrDefault(name, reference));
  }

  /** Of what stands after the "&"; the longest name that it begins with. */
  private static String decode(String reference) {
    if (reference.charAt(0) == '#') {
      return number(reference.substring(1).replace(";", ""));
    }

    for (int end = reference.length(); end > 1; end--) {
      String text = NAMED.get(reference.substring(0, end));
      if (text != null) {
        return text + reference.substring(end);
      }
    }

    return "&" + reference;
  }

  private static String number(String digits) {
    boolean hexadecimal = Character.toLowerCase(digits.charAt(0)) == 'x';
    String significant = digits.substring(hexadecimal ? 1 : 0).replaceFirst("^0+(?=.)", "");
    if (significant.length() > LARGEST_DIGITS) {
      return REPLACEMENT;
    }

    long code = Long.parseLong(significant, hexadecimal ? 16 : 10);
    if (code >= 0x80 && code <= 0x9f) {
      return WINDOWS_1252.substring((int) code - 0x80, (int) code - 0x7f);
    }

    if (code != 0
        && (code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE)
        && code <= Character.MAX_CODE_POINT) {
      return isInvalid((int) code) ? "" : Character.toString((int) code);
    }

    return REPLACEMENT;
  }

  /** Control characters and noncharacters, which HTML drops. */
  private static boolean isInvalid(int code) {
    return (code < ' ' && code != '\t' && code != '\n' && code != '\f' && code != '\r')
        || code == 0x7f
        || (code >= 0xfdd0 && code <= 0xfdef)
        || (code & 0xfffe) == 0xfffe;
  }

  private static Map<String, String> named() {
    Map<String, String> named = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                HtmlEntities.class.getResourceAsStream("html5_entities.txt"),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        StringBuilder text = new StringBuilder();
        for (String code : line.substring(space + 1).split("\\+", 0)) {
          text.appendCodePoint(Integer.parseInt(code, 16));
        }

        named.put(line.substring(0, space), text.toString());
      }

      return named;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the names of HTML's characters", e);
    }
  }

  private static Map<String, String> uppercase() {
    Map<String, String> uppercase = new HashMap<>();
    NAMED.forEach(
        (name, text) -> {
          String upper = name.toUpperCase(Locale.ROOT);
          boolean isSmall = name.equals(name.toLowerCase(Locale.ROOT)) && name.endsWith(";");
          if (isSmall && decode(upper).equals("&" + upper)) {
            uppercase.put(upper, text.toUpperCase(Locale.ROOT));
          }
        });
    return uppercase;
  }
}
