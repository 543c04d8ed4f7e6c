package instructvideo.job.demo;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.google.gson.reflect.TypeToken;
import instructvideo.job.Durations;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

final class Stages {
  private final Path file;
  private final int count;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private int number;

  Stages(Path file, int count) throws IOException {
    this.file = file;
    this.count = count;
    if (Files.exists(file)) {
      seconds.putAll(read(file));
    }
  }

  <T> T run(String name, String what, double secondsLeft, Stages.Work<T> work) throws Exception {
    number++;
    String eta = secondsLeft == 0.0 ? "" : "  (demo's ETA " + Durations.text(secondsLeft) + ")";
    System.err.printf("[%d/%d] %s: %s%s%n", number, count, name, what, eta);
    long begin = System.nanoTime();
    T result = work.run();
    seconds.merge(name, (System.nanoTime() - begin) / 1.0E9, Double::sum);
    DemoFiles.write(file, new Gson().toJson(seconds).getBytes(StandardCharsets.UTF_8));
    return result;
  }

  Map<String, Double> seconds() {
    return seconds;
  }

  double elapsed() {
    return (System.nanoTime() - start) / 1.0E9;
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

  interface Work<T> {
    T run() throws Exception;
  }
}
