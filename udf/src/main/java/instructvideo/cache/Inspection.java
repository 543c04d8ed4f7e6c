package instructvideo.cache;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import instructvideo.format.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * When all bytes of an entry were last found right.
 *
 * @param boot of the host: what a crash of it leaves in files is not trusted
 * @param millis of the host's clock
 * @param times of the files' last changes: a file that was written to since is not trusted
 */
record Inspection(String boot, long millis, Map<String, String> times) {

  private static final Gson GSON = new Gson();
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final long DAY_MILLIS = 24 * 3600 * 1000L;

  /** One of now. */
  static Inspection of(Manifest manifest, Path files) throws IOException {
    Map<String, String> times = new TreeMap<>();
    for (CopiedFile file : manifest.files()) {
      times.put(file.name(), Files.getLastModifiedTime(files.resolve(file.name())).toString());
    }

    return new Inspection(bootId(), System.currentTimeMillis(), times);
  }

  /** Reads one; null if there is none that can be read. */
  static Inspection read(Path file) {
    try {
      return Json.parse(GSON, Files.readString(file), Inspection.class);
    } catch (IOException | JsonParseException e) {
      return null;
    }
  }

  void write(Path file) throws IOException {
    Files.writeString(file, GSON.toJson(this));
  }

  /** Whether it says that the files as they are now need no other look at their bytes. */
  boolean covers(Inspection now) {
    long age = now.millis - millis;
    return now.boot.equals(boot) && now.times.equals(times) && 0 <= age && age < DAY_MILLIS;
  }

  private static String bootId() throws IOException {
    return Files.exists(BOOT) ? Files.readString(BOOT).strip() : "";
  }
}
