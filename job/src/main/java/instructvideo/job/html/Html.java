package instructvideo.job.html;

import instructvideo.error.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pieces of pages. */
public final class Html {

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

  private Html() {}

  /**
   * Any text as content or as a quoted attribute, without the credentials in it; control
   * characters, and those that turn the direction of what follows, become U+FFFD.
   */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    Secrets.strip(text).codePoints().forEach(character -> escaped.append(escape(character)));
    return escaped.toString();
  }

  private static String escape(int character) {
    return switch (character) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      case '\n', '\t' -> Character.toString(character);
      default ->
          Character.isISOControl(character) || isSurrogate(character) || isTurning(character)
              ? "\uFFFD"
              : Character.toString(character);
    };
  }

  private static boolean isSurrogate(int character) {
    return Character.MIN_SURROGATE <= character && character <= Character.MAX_SURROGATE;
  }

  /** Embeddings, overrides and isolates of bidirectional text: they reach beyond their text. */
  private static boolean isTurning(int character) {
    return (0x202a <= character && character <= 0x202e)
        || (0x2066 <= character && character <= 0x2069);
  }

  /** A file inside a page. */
  public static String dataUri(String type, byte[] file) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(file);
  }

  /**
   * Puts values into the places of a template named {@code {{name}}}, in one pass: what values hold
   * is never taken for a place.
   *
   * @param owner beside whose class file the template lies
   * @throws IllegalArgumentException if a place has no value
   */
  public static String fill(Class<?> owner, String template, Map<String, String> values)
      throws IOException {
    try (InputStream in = owner.getResourceAsStream(template)) {
      String html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return PLACE
          .matcher(html)
          .replaceAll(place -> Matcher.quoteReplacement(value(values, template, place.group(1))));
    }
  }

  private static String value(Map<String, String> values, String template, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("No value of " + name + " in " + template);
    }

    return value;
  }
}
