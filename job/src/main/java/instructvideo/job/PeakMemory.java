package instructvideo.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process has taken at most. */
public final class PeakMemory {

  private static final Path STATUS = Path.of("/proc/self/status"); // Linux

  private PeakMemory() {}

  /** The largest resident set of this process so far, in MiB; -1 where the system does not say. */
  public static long megabytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return -1;
    }

    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024) // kB
        .findFirst()
        .orElse(-1);
  }
}
