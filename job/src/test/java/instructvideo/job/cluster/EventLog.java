package instructvideo.job.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Spark's scheduler says happened: an event a line. */
record EventLog(Path folder) {

  /** Settings with which a driver writes it. */
  Map<String, String> settings() {
    return Map.of(
        "spark.eventLog.enabled", "true", "spark.eventLog.dir", folder.toUri().toString());
  }

  /** Events of a kind that have some text. */
  List<String> events(String kind, String text) throws IOException {
    List<String> found = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          if (line.contains("\"Event\":\"SparkListener" + kind + "\"") && line.contains(text)) {
            found.add(line);
          }
        }
      }
    }

    return found;
  }
}
