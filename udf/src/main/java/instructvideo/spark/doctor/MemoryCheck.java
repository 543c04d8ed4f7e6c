package instructvideo.spark.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** Whether tensors fit beside the Java heap. */
final class MemoryCheck {

  private static final long MEGABYTE = 1 << 20;

  /** libtorch, code, threads and ffmpeg: what a process needs besides heap and weights. */
  private static final long BASE = 600 * MEGABYTE;

  private MemoryCheck() {}

  /**
   * What this process may have, in bytes.
   *
   * @param total of the machine
   * @param container limit of its control group, or empty
   * @param heap most that Java takes
   */
  record Limits(long total, OptionalLong container, long heap) {

    /** Those of this process. */
    static Limits read() throws IOException {
      Path root = Path.of("/");
      OptionalLong container = container(root);
      SparkEnv env = SparkEnv.get();
      if (env != null && !env.executorId().equals("driver")) {
        long granted = granted(env.conf());
        container = OptionalLong.of(Math.min(container.orElse(Long.MAX_VALUE), granted));
      }

      return new Limits(total(root), container, Runtime.getRuntime().maxMemory());
    }

    /** What YARN and Kubernetes give an executor, whether a control group shows it or not. */
    static long granted(SparkConf conf) {
      if (!conf.get("spark.master", "").matches("(yarn|k8s:).*")) {
        return Long.MAX_VALUE;
      }

      long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
      long least = Math.max(384, heap / 10); // Spark's own rule
      return (heap + conf.getSizeAsMb("spark.executor.memoryOverhead", least + "m")) << 20;
    }

    /** The machine's memory. */
    static long total(Path root) throws IOException {
      return Files.readAllLines(root.resolve("proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    }

    /** The least limit from the process's control group up to the root; versions 1 and 2. */
    static OptionalLong container(Path root) throws IOException {
      OptionalLong least = OptionalLong.empty();
      Path own = root.resolve("proc/self/cgroup");
      for (String line : Files.exists(own) ? Files.readAllLines(own) : List.<String>of()) {
        String[] parts = line.split(":", 3); // number:controllers:path
        boolean isTwo = parts[1].isEmpty();
        if (isTwo || List.of(parts[1].split(",", -1)).contains("memory")) {
          Path top = root.resolve(isTwo ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
          String name = isTwo ? "memory.max" : "memory.limit_in_bytes";
          Path group = top.resolve(parts[2].substring(1)).normalize();
          for (; group.startsWith(top); group = group.getParent()) {
            least = min(least, group.resolve(name));
          }
        }
      }

      return least;
    }

    private static OptionalLong min(OptionalLong least, Path file) throws IOException {
      String text = Files.exists(file) ? Files.readString(file).strip() : "max";
      if (!text.matches("\\d{1,18}")) {
        return least; // max: none; in version 1 a number near the largest long
      }

      return OptionalLong.of(Math.min(Long.parseLong(text), least.orElse(Long.MAX_VALUE)));
    }

    /** Bytes for tensors and all else that is not Java's. */
    long outside() {
      return Math.min(total, container.orElse(total)) - heap;
    }
  }

  static Check run(Limits limits, long weights) {
    String value =
        "%d MB of this machine%s, Java heap %d MB, outside of it %d MB%s"
            .formatted(
                limits.total >> 20,
                limits.container.isPresent() && limits.container.getAsLong() < limits.total
                    ? ", %d MB of this container".formatted(limits.container.getAsLong() >> 20)
                    : "",
                limits.heap >> 20,
                limits.outside() >> 20,
                weights == 0 ? "" : ", weights %d MB".formatted(weights >> 20));
    String remedy =
        "tensors lie outside of the heap: a smaller heap (INSTRUCTVIDEO_HEAP, spark.executor.memory),"
            + " a larger spark.executor.memoryOverhead or container";
    if (limits.outside() < BASE) {
      return Check.fail(
          "memory", value + "; libtorch alone needs %d MB".formatted(BASE >> 20), remedy);
    }

    return limits.outside() < BASE + weights
        ? Check.warn(
            "memory",
            value + ": the weights do not fit in float32",
            remedy + ", or --precision float16")
        : Check.ok("memory", value);
  }
}
