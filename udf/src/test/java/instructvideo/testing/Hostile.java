package instructvideo.testing;

import com.sun.management.ThreadMXBean;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a loader may do with bytes of a stranger: return, or refuse them in a message for people,
 * with bounded time and memory. All else is a finding of the fuzzers.
 */
public final class Hostile {

  /** Bytes that a loader may allocate whatever its input, and for each byte of it. */
  private static final long ALLOWED = 64L << 20;

  private static final long ALLOWED_PER_BYTE = 4096;
  private static final long CPU_NANOS = 5_000_000_000L;

  private static final Path FOLDER = folder();

  private Hostile() {}

  /** A loader of what lies in a folder. */
  public interface Loader {

    /** Reads it. */
    void load() throws Exception;
  }

  /**
   * Runs a loader and checks what it did.
   *
   * @param size of its input in bytes
   * @throws AssertionError if it failed otherwise than by a refusal, or took too much
   */
  public static void load(int size, Loader loader) {
    String first = excess(size, loader);
    String excess = first == null ? null : excess(size, loader); // the first loaded classes too
    if (excess != null) {
      throw new AssertionError(excess);
    }
  }

  /** What a loader took too much of, null if nothing. */
  private static String excess(int size, Loader loader) {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = thread.getCurrentThreadAllocatedBytes();
    long nanos = thread.getCurrentThreadCpuTime();
    try {
      loader.load();
    } catch (InvalidInputException e) {
      checkMessage(e);
    } catch (Exception e) {
      throw new AssertionError("no refusal but " + e, e);
    }

    long allocated = thread.getCurrentThreadAllocatedBytes() - bytes;
    if (allocated > ALLOWED + size * ALLOWED_PER_BYTE) {
      return "%d bytes allocated for %d".formatted(allocated, size);
    }

    long cpu = thread.getCurrentThreadCpuTime() - nanos;
    return cpu > CPU_NANOS ? "%d ms for %d bytes".formatted(cpu / 1_000_000, size) : null;
  }

  private static void checkMessage(InvalidInputException e) {
    String message = String.valueOf(e.getMessage());
    if (!message.matches("(?s)(Cannot|Invalid|Refused|Duplicate|Missing) .+")) {
      throw new AssertionError("a message that says nothing: " + message, e);
    }
  }

  /** An empty folder; that of the last input is gone. */
  public static Path emptyFolder() {
    try (Stream<Path> tree = Files.walk(FOLDER)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(FOLDER)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    return FOLDER;
  }

  /** A file in a folder. */
  public static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first byte, as one of some choices; 0 of nothing. */
  public static int choice(byte[] input, int choices) {
    return input.length == 0 ? 0 : (input[0] & 0xff) % choices;
  }

  /** What follows the first byte. */
  public static byte[] rest(byte[] input) {
    return input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
  }

  /** The parts of an input, with the byte 0xff between them; missing ones are empty. */
  public static List<byte[]> parts(byte[] input, int count) {
    byte[][] parts = new byte[count][];
    int start = 0;
    for (int part = 0; part < count; part++) {
      int end = start;
      while (end < input.length && (part == count - 1 || input[end] != (byte) 0xff)) {
        end++;
      }

      parts[part] = Arrays.copyOfRange(input, start, end);
      start = Math.min(end + 1, input.length);
    }

    return List.of(parts);
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("hostile").toRealPath();
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
