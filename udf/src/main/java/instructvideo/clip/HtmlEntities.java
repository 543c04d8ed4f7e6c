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

final class HtmlEntities {
  private static final Pattern REFERENCE =
      Pattern.compile("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");
  private static final Pattern COMPLETE = Pattern.compile("&#?[0-9A-Za-z]{1,24};");
  static final String WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
  private static final String REPLACEMENT = "�";
  private static final int LARGEST_DIGITS = 9;
  private static final Map<String, String> NAMED = named();
  private static final Map<String, String> UPPERCASE = uppercase();

  private HtmlEntities() {}

  static String unescape(String text) {
    return text.indexOf(38) < 0
        ? text
        : REFERENCE
            .matcher(text)
            .replaceAll(match -> Matcher.quoteReplacement(decode(match.group(1))));
  }

  static String unescapeComplete(String text) {
    return text.indexOf(38) < 0
        ? text
        : COMPLETE
            .matcher(text)
            .replaceAll(match -> Matcher.quoteReplacement(decodeComplete(match.group())));
  }

  private static String decodeComplete(String reference) {
    if (reference.charAt(1) == '#') {
      String text = unescape(reference);
      return text.indexOf(59) < 0 ? text : reference;
    } else {
      String name = reference.substring(1);
      return NAMED.getOrDefault(name, UPPERCASE.getOrDefault(name, reference));
    }
  }

  private static String decode(String reference) {
    if (reference.charAt(0) == '#') {
      return number(reference.substring(1).replace(";", ""));
    } else {
      for (int end = reference.length(); end > 1; end--) {
        String text = NAMED.get(reference.substring(0, end));
        if (text != null) {
          return text + reference.substring(end);
        }
      }

      return "&" + reference;
    }
  }

  private static String number(String digits) {
    boolean hexadecimal = Character.toLowerCase(digits.charAt(0)) == 'x';
    String significant = digits.substring(hexadecimal ? 1 : 0).replaceFirst("^0+(?=.)", "");
    if (significant.length() > LARGEST_DIGITS) {
      return REPLACEMENT;
    } else {
      long code = Long.parseLong(significant, hexadecimal ? 16 : 10);
      if (code >= 128L && code <= 159L) {
        return WINDOWS_1252.substring((int) code - 128, (int) code - 127);
      } else if (code != 0L && (code < 55296L || code > 57343L) && code <= 1114111L) {
        return isInvalid((int) code) ? "" : Character.toString((int) code);
      } else {
        return REPLACEMENT;
      }
    }
  }

  private static boolean isInvalid(int code) {
    return (code < 32 && code != 9 && code != 10 && code != 12 && code != 13)
        || code == 127
        || (code >= 0xFDD0 && code <= 0xFDEF)
        || (code & 0xFFFE) == 0xFFFE;
  }

  private static Map<String, String> named() {
    Map<String, String> named = new HashMap<>();

    try {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  HtmlEntities.class.getResourceAsStream("html5_entities.txt"),
                  StandardCharsets.US_ASCII))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          int space = line.indexOf(32);
          StringBuilder text = new StringBuilder();

          for (String code : line.substring(space + 1).split("\\+", 0)) {
            text.appendCodePoint(Integer.parseInt(code, 16));
          }

          named.put(line.substring(0, space), text.toString());
        }

        return named;
      }
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
