package instructvideo.job.demo;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs stages one by one: says what each does, and keeps how long it took, over all starts of a
 * demo.
 */
final class Stages {

  private final Path file;
  private final int count;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private int number;

  /**
   * Starts, or goes on with what a file holds.
   *
   * @param file JSON, seconds by name of a stage
   * @param count of all stages
   */
  Stages(Path file, int count) throws IOException {
    this.file = file;
    this.count = count;
    if (Files.exists(file)) {
      seconds.putAll(read(file));
    }
  }

  /** Runs the next stage, which tells of its progress itself. */
  <T> T run(String name, String what, Work<T> work) throws Exception {
    number++;
    System.err.printf("[%d/%d] %s: %s%n", number, count, name, what);
    long begin = System.nanoTime();
    T result = work.run();
    seconds.merge(name, (System.nanoTime() - begin) / 1e9, Double::sum);
    DemoFiles.write(file, new Gson().toJson(seconds).getBytes(StandardCharsets.UTF_8));
    return result;
  }

  /** How long each stage took over all starts, by name. */
  Map<String, Double> seconds() {
    return seconds;
  }

  /** Seconds since this start. */
  double elapsed() {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Map<String, Double> read(Path file) throws IOException {
    try {
      Type type = new TypeToken<LinkedHashMap<String, Double>>() {}.getType();
      Map<String, Double> times = new Gson().fromJson(Files.readString(file), type);
      return times == null ? Map.of() : times;
    } catch (JsonSyntaxException e) {
      return Map.of();
    }
  }

  /** What a stage does. */
  interface Work<T> {

    T run() throws Exception;
  }
}
