package instructvideo.prompt;

import instructvideo.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as in RFC 4180: quoted fields may hold commas, quotes and line breaks. */
final class Csv {

  private final String name;
  private final String text;
  private final List<Line> lines = new ArrayList<>();
  private int at;
  private long lineNumber = 1;

  private Csv(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * A record.
   *
   * @param number of the line on which it begins, from 1
   */
  record Line(long number, List<String> fields) {}

  /** The records that are not blank lines. */
  static List<Line> parse(String name, String text) {
    Csv csv = new Csv(name, text);
    while (csv.at < text.length()) {
      csv.line();
    }

    return csv.lines;
  }

  private void line() {
    long number = lineNumber;
    List<String> fields = new ArrayList<>();
    do {
      fields.add(isAt('"') ? quoted() : plain());
    } while (accept(','));
    accept('\r');
    if (at < text.length() && !accept('\n')) {
      throw InvalidInputException.of(
          "Cannot read %s: row %d has text behind a closing quote", name, number);
    }

    lineNumber++;
    if (fields.size() > 1 || !fields.get(0).isBlank()) {
      lines.add(new Line(number, fields));
    }
  }

  private String plain() {
    int start = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }

    return text.substring(start, at);
  }

  private String quoted() {
    long number = lineNumber;
    StringBuilder field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char character = text.charAt(at++);
      if (character == '"' && !accept('"')) {
        return field.toString();
      }

      if (character == '\n') {
        lineNumber++;
      }

      field.append(character);
    }

    throw InvalidInputException.of("Cannot read %s: the quote of row %d is open", name, number);
  }

  private boolean isAt(char character) {
    return at < text.length() && text.charAt(at) == character;
  }

  private boolean accept(char character) {
    boolean found = isAt(character);
    if (found) {
      at++;
    }

    return found;
  }
}
