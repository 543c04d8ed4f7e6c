package instructvideo.job.cluster;

import instructvideo.job.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** The S3 server's process, and what it is told to do. */
final class S3Process implements AutoCloseable {

  private final Output output;
  private final int port;
  private final FileSystem files;
  private final int direct;

  /** Starts it over a new folder. */
  S3Process(Path folder) throws IOException, InterruptedException {
    Process process =
        Jvm.builder(
                System.getProperty("java.class.path"),
                FaultyS3.class.getName(),
                Files.createDirectories(folder.resolve("files")).toString())
            .start();
    output = new Output("The S3 server", process, folder.resolve("log"));
    String[] ports = output.await("ports ").split(" ", -1);
    port = Integer.parseInt(ports[1]);
    direct = Integer.parseInt(ports[2]);
    Configuration configuration = new Configuration();
    settings(direct).forEach((key, value) -> configuration.set(key.substring(7), value));
    files = FileSystem.newInstance(URI.create(S3Server.BUCKET + "/"), configuration);
  }

  /**
   * What happened since the last healing.
   *
   * @param requests that arrived
   * @param answered with an error
   * @param held that wait or have waited
   * @param broken connections
   */
  record Counts(long requests, long answered, long held, long broken) {}

  /** Spark's settings of those who come through the proxy that can fail. */
  Map<String, String> settings() {
    return settings(port);
  }

  /** Spark's settings of this test, which comes past it. */
  Map<String, String> directSettings() {
    return settings(direct);
  }

  private static Map<String, String> settings(int port) {
    return S3Server.settings(port);
  }

  /** The bucket, past the proxy. */
  FileSystem files() {
    return files;
  }

  /**
   * Answers every n-th request that has the pattern with an error.
   *
   * @param statuses with commas between, taken in turn
   */
  void answer(String statuses, int n, String pattern) {
    tell("answer %s %d %s".formatted(statuses, n, pattern));
  }

  /** Lets requests that have the pattern wait until the faults are over, then fail. */
  void hold(String pattern) {
    tell("hold " + pattern);
  }

  /** Resets the connection in every n-th piece of an answer. */
  void breakEvery(int n) {
    tell("break " + n);
  }

  /** Resets all connections and refuses new ones for some time. */
  void goAway(Duration time) {
    tell("away " + time.toMillis());
  }

  /** Ends all faults; counts begin again. */
  void heal() {
    tell("heal");
  }

  /** What happened. */
  Counts counts() {
    return tell("counts");
  }

  private synchronized Counts tell(String command) {
    try {
      int from = output.size();
      output.process().getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
      output.process().getOutputStream().flush();
      String line = output.await(from, "counts ");
      String[] numbers = line.split(" ", -1);
      return new Counts(
          Long.parseLong(numbers[1]),
          Long.parseLong(numbers[2]),
          Long.parseLong(numbers[3]),
          Long.parseLong(numbers[4]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
    output.close();
  }
}
