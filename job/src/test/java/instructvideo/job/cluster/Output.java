package instructvideo.job.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process of this machine with the lines that it prints, and with an end in any case. */
final class Output implements AutoCloseable {

  /** What takes longer hangs: a whole run takes a few seconds on a quiet machine. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Path log;
  private boolean ended;

  /**
   * Of a process that has just been started, with both of its outputs in one.
   *
   * @param log where its lines stay
   */
  Output(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    Thread reader = new Thread(this::read, "output of " + name);
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        var writer = Files.newBufferedWriter(log)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        writer.write(line + "\n");
        writer.flush();
        synchronized (this) {
          lines.add(line);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // "Stream closed": it was killed.
    } finally {
      synchronized (this) {
        ended = true;
        notifyAll();
      }
    }
  }

  /** Waits for a line that has some text, and returns the first. */
  String await(String text) throws InterruptedException {
    return await(0, text);
  }

  /** Waits for a line at or after a place that has some text. */
  synchronized String await(int from, String text) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    for (int i = from; ; i++) {
      while (lines.size() <= i) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (ended || left <= 0) {
          throw new AssertionError(
              "%s %s without a line that has '%s':%n%s"
                  .formatted(name, ended ? "ended" : "goes on", text, text()));
        }

        wait(left);
      }

      if (lines.get(i).contains(text)) {
        return lines.get(i);
      }
    }
  }

  /** Lines so far. */
  synchronized int size() {
    return lines.size();
  }

  /** All lines so far. */
  synchronized String text() {
    return String.join("\n", lines);
  }

  /** Waits for the end, and returns the exit code. */
  int end() throws InterruptedException {
    synchronized (this) {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (!ended && System.nanoTime() < end) {
        wait(1000);
      }

      if (!ended) {
        throw new AssertionError(name + " does not end:\n" + text());
      }
    }

    return process.waitFor();
  }

  Process process() {
    return process;
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGKILL of it and of what it has started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
