package instructvideo.prompt;

import instructvideo.error.InvalidInputException;
import instructvideo.prompt.Prompt.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The prompts of a list, in its order.
 *
 * @param notices what a user should know, a line each
 */
public record PromptList(List<Prompt> prompts, List<String> notices) {

  /** Names of the column of prompts, the first that is there counts. */
  public static final List<String> PROMPT_COLUMNS = List.of("prompt", "caption", "text");

  /**
   * Reads a text file: {@code .csv}, {@code .jsonl} (or .ndjson), lines of {@code
   * path|||caption[|||frames]} whatever the file is called, else one prompt a line.
   *
   * @param name of the file, for its extension and for messages
   * @throws InvalidInputException naming the line, if there is no prompt, an empty one, two of the
   *     same id, a path with .., or text that cannot be read
   */
  public static PromptList parse(String name, byte[] content) {
    return of(name, PromptText.rows(name, content));
  }

  /** Rows of any source; see {@link #parse} for what is refused. */
  public static PromptList of(String name, List<PromptRow> rows) {
    if (rows.isEmpty()) {
      throw InvalidInputException.of("Cannot read %s: it holds no prompts", name);
    }

    for (PromptRow row : rows) {
      if (row.value(PromptRow.PROMPT).isEmpty()) {
        throw InvalidInputException.of("Invalid prompt in %s: row %d is empty", name, row.number());
      }
    }

    boolean isPathList = rows.get(0).values().containsKey(PromptRow.PATH);
    return isPathList ? ofPaths(name, rows) : ofColumns(name, rows);
  }

  /** The column of prompts among some lower-case names. */
  public static String promptColumn(String name, List<String> columns) {
    return PROMPT_COLUMNS.stream()
        .filter(columns::contains)
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Cannot read %s: no column prompt (or caption, text); its columns are %s",
                    name, String.join(", ", columns)));
  }

  private static PromptList ofColumns(String name, List<PromptRow> rows) {
    List<Prompt> prompts = new ArrayList<>();
    Map<String, Long> seen = new HashMap<>();
    for (PromptRow row : rows) {
      String given = row.value(PromptRow.ID);
      String id = given.isEmpty() ? "p%06d".formatted(prompts.size()) : given;
      Long before = seen.put(id, row.number());
      if (before != null) {
        throw InvalidInputException.of(
            "Duplicate id %s in %s: rows %d and %d; ids must differ",
            id, name, before, row.number());
      }

      String video = row.value(PromptRow.VIDEO);
      Origin origin = video.isEmpty() ? Origin.NONE : Origin.COLUMN;
      String path = video.isEmpty() ? null : place(name, row.number(), video);
      prompts.add(new Prompt(id, row.value(PromptRow.PROMPT), path, origin));
    }

    return new PromptList(prompts, List.of());
  }

  /** The published list has some paths twice: later ones are told apart by #2, #3. */
  private static PromptList ofPaths(String name, List<PromptRow> rows) {
    Set<String> taken = new HashSet<>();
    rows.forEach(row -> taken.add(row.value(PromptRow.PATH)));
    Set<String> seen = new HashSet<>();
    Map<String, Integer> repeats = new HashMap<>(rows.size()); // 1 for the first of a path
    List<Prompt> prompts = new ArrayList<>();
    int repeated = 0;
    for (PromptRow row : rows) {
      String path = relative(name, row.number(), row.value(PromptRow.PATH));
      String id = path;
      if (seen.add(path)) {
        repeats.put(path, 1);
      } else {
        repeated++;
        while (!taken.add(id)) {
          id = path + "#" + repeats.merge(path, 1, Integer::sum);
        }
      }

      prompts.add(new Prompt(id, row.value(PromptRow.PROMPT), path, Origin.PATH));
    }

    String notice =
        "%s: %d rows repeat the path of an earlier one; their ids end with #2, #3 and so on"
            .formatted(name, repeated);
    return new PromptList(prompts, repeated == 0 ? List.of() : List.of(notice));
  }

  /** What a column may say: relative to the directory of videos, absolute, or a URI. */
  private static String place(String name, long row, String video) {
    if (!Prompt.isAbsolute(video)) {
      return relative(name, row, video);
    }

    if (isAskew(video)) {
      throw InvalidInputException.of(
          "Invalid video in %s: row %d is %s; must be without .., \\ and control characters",
          name, row, video);
    }

    return video;
  }

  /** Refuses a path that could lead out of the directory of videos. */
  private static String relative(String name, long row, String path) {
    boolean absolute = path.startsWith("/") || path.startsWith("~");
    boolean uri = path.matches("(?s)^[A-Za-z][A-Za-z0-9+.-]*:.*");
    if (absolute || uri || isAskew(path)) {
      throw InvalidInputException.of(
          "Invalid video in %s: row %d is %s; must be a path relative to --videos, without ..",
          name, row, path);
    }

    return path.startsWith("./") ? path.substring(2) : path;
  }

  private static boolean isAskew(String path) {
    return List.of(path.split("/", -1)).contains("..")
        || path.contains("\\")
        || path.chars().anyMatch(Character::isISOControl);
  }
}
