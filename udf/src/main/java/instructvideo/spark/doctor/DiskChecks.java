package instructvideo.spark.doctor;

import instructvideo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether there is room for models, libtorch and temporary files. */
final class DiskChecks {

  private static final long LIBTORCH = 500L << 20; // unpacked

  private DiskChecks() {}

  static Check cache(long weights) throws IOException {
    Path folder = ModelCache.ofEnvironment().folder();
    long free = Files.getFileStore(folder).getUsableSpace();
    String value = "%s, %s free".formatted(folder, size(free));
    return free < weights
        ? Check.warn(
            "cache",
            value + ", models of %d MB".formatted(weights >> 20),
            "remote models are copied there: give INSTRUCTVIDEO_CACHE on a larger disk")
        : Check.ok("cache", value);
  }

  /** So that hosts with about the same room tell the same. */
  private static String size(long bytes) {
    long gigabytes = bytes >> 30;
    return gigabytes < 10 ? (bytes >> 20) + " MB" : gigabytes + " GB";
  }

  static Check temporary() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    Files.delete(Files.createTempFile(folder, "instructvideo", ".doctor"));
    long free = Files.getFileStore(folder).getUsableSpace();
    String value = "%s, %s free".formatted(folder, size(free));
    return free < LIBTORCH
        ? Check.warn(
            "temporary files",
            value,
            "libtorch unpacked takes 450 MB: make room, or set DJL_CACHE_DIR")
        : Check.ok("temporary files", value);
  }
}
