package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.spark.HadoopFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A disk that became full: the system tells neither which one nor what to do. */
final class FullDisk {

  private static final Pattern FULL =
      Pattern.compile("No space left on device|Disk quota exceeded");

  /** In Spark's message about a task of another process. */
  private static final Pattern EXECUTOR = Pattern.compile("\\((\\S+) executor \\d+\\)");

  private FullDisk() {}

  /** Whether that is what ended a command. */
  static boolean isCause(Throwable error) {
    return messages(error).anyMatch(message -> FULL.matcher(message).find());
  }

  private static Stream<String> messages(Throwable error) {
    return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
        .map(cause -> String.valueOf(cause.getMessage()));
  }

  /**
   * One line with the folders that the command writes to.
   *
   * @param out its --out, empty for none
   */
  static InvalidInputException told(Throwable error, String out) {
    String host =
        messages(error)
            .map(EXECUTOR::matcher)
            .filter(Matcher::find)
            .map(found -> " of " + found.group(1))
            .findFirst()
            .orElse("");
    String here =
        folders(out).entrySet().stream()
            .map(folder -> folder.getKey() + " " + free(folder.getValue()))
            .collect(Collectors.joining(", "));
    return new InvalidInputException(
        "Cannot go on: no space left on a disk%s (here now: %s); make room, or give another folder, and start the same command again"
            .formatted(host, here),
        error);
  }

  private static Map<String, String> folders(String out) {
    Map<String, String> folders = new LinkedHashMap<>();
    if (!out.isEmpty() && HadoopFiles.isLocal(out)) {
      folders.put("--out", ModelFiles.local(out).toString());
    }

    String temporary = System.getProperty("java.io.tmpdir");
    folders.put("java.io.tmpdir", temporary);
    String given = System.getenv("SPARK_LOCAL_DIRS");
    String spark = given == null ? System.getProperty("spark.local.dir", temporary) : given;
    folders.put("spark.local.dir", spark.split(",", -1)[0]);
    String events = System.getProperty("spark.eventLog.dir", "");
    if (System.getProperty("spark.eventLog.enabled", "").equals("true")
        && !events.isEmpty()
        && HadoopFiles.isLocal(events)) {
      folders.put("spark.eventLog.dir", HadoopFiles.local(events).toString());
    }

    return folders;
  }

  private static String free(String folder) {
    Path path = Path.of(folder).toAbsolutePath();
    while (path.getParent() != null && !Files.exists(path)) {
      path = path.getParent();
    }

    try {
      long free = Files.getFileStore(path).getUsableSpace();
      return "%s with %.1f MB free".formatted(folder, free / 1048576.);
    } catch (IOException e) {
      return folder + " that cannot be read";
    }
  }
}
