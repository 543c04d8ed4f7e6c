package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.RunConfig;
import instructvideo.spark.HadoopFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Asks every store that the settings name for its root, before Spark starts. Without it a store
 * that cannot be reached is tried for many minutes.
 */
public final class Preflight {

  private Preflight() {}

  /**
   * Checks the stores.
   *
   * @throws InvalidInputException naming the first that does not answer, or refuses
   */
  static void check(RunConfig config) {
    List<String> uris = new ArrayList<>(config.reward().checkpoints().values());
    uris.addAll(config.reward().heads().values());
    uris.addAll(config.adapter().paths().values());
    uris.addAll(config.evaluate().prompts().values());
    uris.addAll(config.guard().rewards().values());
    uris.addAll(
        List.of(
            config.model(),
            config.data(),
            config.out(),
            config.prepare().prompts(),
            config.prepare().videos(),
            config.score().videos(),
            config.score().prompts(),
            config.score().html(),
            config.top().scores(),
            config.generate().prompts(),
            config.guard().evalPrompts(),
            config.report().run(),
            config.report().evaluation(),
            config.export().run()));
    Set<String> seen = new HashSet<>();
    for (String uri : uris) {
      if (!HadoopFiles.isLocal(uri) && seen.add(root(uri))) {
        check(uri);
      }
    }
  }

  /**
   * Checks the store of one URI; local paths are fine.
   *
   * @throws InvalidInputException if it does not answer, or refuses
   */
  public static void check(String uri) {
    if (HadoopFiles.isLocal(uri)) {
      return;
    }

    try (FileSystem files = FileSystem.newInstance(URI.create(root(uri)), impatient())) {
      files.listStatusIterator(new Path(root(uri))).hasNext();
    } catch (FileNotFoundException e) {
      throw new InvalidInputException(
          "Cannot reach %s: %s".formatted(root(uri), Failures.line(e)), e);
    } catch (IOException | RuntimeException e) { // no such host; no class for the scheme
      throw new InvalidInputException(
          "Cannot reach %s: %s; %s"
              .formatted(
                  root(uri), Failures.line(e), StoreRemedy.of(e, "s3:ListBucket of the bucket")),
          e);
    }
  }

  /** Settings of a file system that gives up soon. */
  public static Configuration impatient() {
    Configuration configuration = new Configuration(HadoopFiles.configuration());
    configuration.setInt("fs.s3a.attempts.maximum", 1);
    configuration.setInt("fs.s3a.retry.limit", 1);
    configuration.set("fs.s3a.connection.establish.timeout", "5000");
    configuration.set("fs.s3a.connection.timeout", "15000");
    configuration.setInt("ipc.client.connect.max.retries", 1);
    configuration.setInt("ipc.client.connect.max.retries.on.timeouts", 1);
    return configuration;
  }

  /** Scheme and authority of a URI. */
  public static String root(String uri) {
    return uri.replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*://[^/]*).*$", "$1/");
  }
}
