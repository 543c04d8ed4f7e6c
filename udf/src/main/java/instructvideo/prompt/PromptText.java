package instructvideo.prompt;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import instructvideo.error.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows of a text file. */
final class PromptText {

  private static final String SEPARATOR = "|||";

  private PromptText() {}

  static List<PromptRow> rows(String name, byte[] content) {
    String text = decode(name, content);
    String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    String lower = name.toLowerCase(Locale.ROOT);
    boolean json = lower.endsWith(".jsonl") || lower.endsWith(".ndjson");
    if (json && (first.isEmpty() || first.stripLeading().startsWith("{"))) {
      return json(name, text);
    }

    if (first.contains(SEPARATOR)) {
      return paths(name, text);
    }

    if (json) {
      return json(name, text);
    }

    return lower.endsWith(".csv") ? csv(name, text) : lines(text);
  }

  private static String decode(String name, byte[] content) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      if (text.indexOf('\0') >= 0) {
        throw InvalidInputException.of(
            "Cannot read %s: it is no text; prompts are .txt, .csv, .jsonl or .parquet", name);
      }

      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(
          "Cannot read %s: it is not UTF-8 text; convert it".formatted(name), e);
    }
  }

  /** One prompt a line; empty lines at the end do not count. */
  private static List<PromptRow> lines(String text) {
    List<PromptRow> rows = new ArrayList<>();
    for (String line : text.stripTrailing().lines().toList()) {
      rows.add(new PromptRow(rows.size() + 1L, Map.of(PromptRow.PROMPT, line)));
    }

    return rows;
  }

  private static List<PromptRow> paths(String name, String text) {
    List<PromptRow> rows = new ArrayList<>();
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }

      String[] parts = line.split("\\|\\|\\|", -1);
      if (parts.length < 2 || parts.length > 3 || parts[0].isBlank()) {
        throw InvalidInputException.of(
            "Cannot read %s: row %d is no path|||caption or path|||caption|||frames: %s",
            name, number, line.strip());
      }

      rows.add(new PromptRow(number, Map.of(PromptRow.PATH, parts[0], PromptRow.PROMPT, parts[1])));
    }

    return rows;
  }

  private static List<PromptRow> json(String name, String text) {
    List<PromptRow> rows = new ArrayList<>();
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        rows.add(new PromptRow(number, jsonValues(name, number, line)));
      }
    }

    return rows;
  }

  private static Map<String, String> jsonValues(String name, long number, String line) {
    try {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      Map<String, String> values = new HashMap<>();
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        if (entry.getValue().isJsonPrimitive()) {
          values.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue().getAsString());
        }
      }

      String column = PromptList.promptColumn(name + " row " + number, List.copyOf(keys(object)));
      values.put(PromptRow.PROMPT, values.getOrDefault(column, ""));
      return values;
    } catch (JsonParseException | IllegalStateException e) {
      throw new InvalidInputException(
          "Cannot read %s: row %d is no JSON object".formatted(name, number), e);
    }
  }

  private static List<String> keys(JsonObject object) {
    return object.keySet().stream().map(key -> key.toLowerCase(Locale.ROOT)).toList();
  }

  private static List<PromptRow> csv(String name, String text) {
    List<Csv.Line> lines = Csv.parse(name, text);
    if (lines.isEmpty()) {
      return List.of();
    }

    List<String> columns =
        lines.get(0).fields().stream().map(f -> f.strip().toLowerCase(Locale.ROOT)).toList();
    String column = PromptList.promptColumn(name, columns);
    List<PromptRow> rows = new ArrayList<>();
    for (Csv.Line line : lines.subList(1, lines.size())) {
      if (line.fields().size() != columns.size()) {
        throw InvalidInputException.of(
            "Cannot read %s: row %d has %d fields, the header %d; quote fields that hold a comma",
            name, line.number(), line.fields().size(), columns.size());
      }

      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        values.putIfAbsent(columns.get(i), line.fields().get(i));
      }

      values.put(PromptRow.PROMPT, values.get(column));
      rows.add(new PromptRow(line.number(), values));
    }

    return rows;
  }
}
