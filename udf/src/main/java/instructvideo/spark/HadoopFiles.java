package instructvideo.spark;

import instructvideo.cache.ModelCache;
import instructvideo.error.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import scala.Tuple2;

/**
 * Files behind any URI that Hadoop reads, on the driver and on executors. Weights are mapped into
 * memory, so a remote model is copied once to each host.
 */
public final class HadoopFiles {

  private HadoopFiles() {}

  /** Made again only for other settings: it takes ten milliseconds, and every file asks for it. */
  private static Cached cached = new Cached(null, null);

  private record Cached(Map<String, String> settings, Configuration configuration) {}

  /** Hadoop's settings with those that Spark was given as spark.hadoop.*; not to be changed. */
  public static synchronized Configuration configuration() {
    SparkEnv env = SparkEnv.get();
    SparkConf conf = env == null ? new SparkConf() : env.conf();
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : conf.getAll()) {
      settings.put(setting._1(), setting._2());
    }

    if (!settings.equals(cached.settings)) {
      cached = new Cached(settings, SparkHadoopUtil.get().newConfiguration(conf));
    }

    return cached.configuration;
  }

  /** Whether a URI names a file of this machine. */
  public static boolean isLocal(String uri) {
    return uri.startsWith("file:") || !uri.matches("^[A-Za-z][A-Za-z0-9+.-]*://.*");
  }

  /**
   * The file or directory on this host; a remote one is copied first, unless a copy of the same
   * version is there: see {@link ModelCache}.
   *
   * @throws InvalidInputException if a remote one cannot be read, or there is no room for it
   */
  public static Path local(String uri) {
    if (isLocal(uri)) {
      return Path.of(
          uri.startsWith("file:") ? new org.apache.hadoop.fs.Path(uri).toUri().getPath() : uri);
    }

    try {
      return ModelCache.ofEnvironment().local(new org.apache.hadoop.fs.Path(uri), configuration());
    } catch (FileNotFoundException e) {
      throw new InvalidInputException(
          "Cannot read %s: no such file or directory".formatted(uri), e);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read %s: %s".formatted(uri, e.getMessage()), e);
    }
  }
}
