package instructvideo.prompt;

import java.util.Map;

/**
 * A row of a list, as read.
 *
 * @param number as people count: the line in a text file, from 1, or the row of a table
 * @param values by lower-case column name; absent or null where there is none
 */
public record PromptRow(long number, Map<String, String> values) {

  static final String PROMPT = "prompt";
  static final String ID = "id";
  static final String VIDEO = "video";

  /** The path of a path|||caption line; no column has this name. */
  static final String PATH = "path|||";

  /** A value without space around it; "" if there is none. */
  String value(String column) {
    String value = values.get(column);
    return value == null ? "" : value.strip();
  }
}
