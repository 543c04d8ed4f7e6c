package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.error.Secrets;
import instructvideo.job.config.Settings;
import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** A Spark session with the settings that this job needs, and a check of those that break it. */
public final class SparkSessions {

  private static final String PREFIX = "spark.";
  private static final String TORCH = "native/lib/pytorch.properties";
  private static final String ENDPOINT = "spark.hadoop.fs.s3a.endpoint";

  /**
   * What S3A of Hadoop 3.3 does with the markers of folders above a file that it writes: by default
   * it deletes them, one request more for each file, of which each may fail and is tried for long.
   * Hadoop 3.4 keeps them.
   */
  private static final String MARKERS = "spark.hadoop.fs.s3a.directory.marker.retention";

  /**
   * Only where the user or the cluster says nothing. A lost executor takes its part of a shuffle
   * with it, which makes one more attempt at a stage: Spark gives up after four, a table of
   * millions of videos outlives more.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "spark.ui.enabled", "false",
          "spark.ui.showConsoleProgress", "false",
          "spark.stage.maxConsecutiveAttempts", "100",
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.parquet.compression.codec", "zstd",
          "spark.sql.debug.maxToStringFields", "100", // wide tables are no reason for a warning
          "spark.redaction.regex", Secrets.sparkPattern(), // of the event log and Spark's pages
          "spark.serializer", "org.apache.spark.serializer.JavaSerializer");

  /**
   * A Parquet commit on S3 completes uploads instead of renaming files; other stores keep their
   * usual committer. Needs Spark's hadoop-cloud module, which EMR and Dataproc do without.
   */
  private static final Map<String, String> CLOUD_COMMITTER =
      Map.of(
          "spark.sql.sources.commitProtocolClass",
          "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
          "spark.sql.parquet.output.committer.class",
          "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
          "spark.hadoop.fs.s3a.committer.name",
          "magic",
          "spark.hadoop.fs.s3a.committer.magic.enabled",
          "true");

  private SparkSessions() {}

  /**
   * Makes settings known to Spark, and to Hadoop before Spark starts.
   *
   * @param settings by key without the leading "spark."
   * @param isForced whether they win over those of spark-submit
   */
  static void configure(Map<String, String> settings, boolean isForced) {
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String key = PREFIX + setting.getKey();
      if (isForced || System.getProperty(key) == null) {
        System.setProperty(key, setting.getValue());
      }
    }
  }

  /**
   * What spark-submit would read where it was not used, and the endpoint that other clients of S3
   * take from the environment (Hadoop's does not).
   */
  static void configureFromEnvironment() {
    String directory = System.getenv("SPARK_CONF_DIR");
    boolean submitted = System.getProperty("SPARK_SUBMIT") != null;
    if (directory != null && !submitted) {
      configureFrom(Path.of(directory, "spark-defaults.conf"));
    }

    configureEndpoint();
    if (System.getProperty(MARKERS) == null) {
      System.setProperty(MARKERS, "keep");
    }
  }

  private static void configureFrom(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read %s: %s".formatted(file, Failures.line(e)), e);
    }

    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(PREFIX) && System.getProperty(key) == null) {
        System.setProperty(key, properties.getProperty(key).strip());
      }
    }
  }

  private static void configureEndpoint() {
    String endpoint = System.getenv("AWS_ENDPOINT_URL_S3");
    endpoint = endpoint == null ? System.getenv("AWS_ENDPOINT_URL") : endpoint;
    if (endpoint != null && System.getProperty(ENDPOINT) == null) {
      System.setProperty(ENDPOINT, endpoint);
      System.setProperty("spark.hadoop.fs.s3a.path.style.access", "true");
      System.setProperty(
          "spark.hadoop.fs.s3a.connection.ssl.enabled",
          Boolean.toString(endpoint.startsWith("https:")));
    }
  }

  /** Starts Spark, or takes the session that spark-submit started. */
  public static SparkSession open(Settings settings, String application) {
    SparkConf conf = new SparkConf();
    if (!settings.run().master().isEmpty()) {
      conf.setMaster(settings.run().master());
    }

    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "instructvideo " + application);
    DEFAULTS.forEach(conf::setIfMissing);
    if (isOnClassPath(CLOUD_COMMITTER.get("spark.sql.sources.commitProtocolClass"))) {
      CLOUD_COMMITTER.forEach(conf::setIfMissing);
    }

    shipJars(conf);
    check(conf);
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).matches("(?s).*INVALID_(DRIVER|EXECUTOR)_MEMORY.*")) {
        throw new InvalidInputException(
            "Cannot start Spark: %s; locally the heap is INSTRUCTVIDEO_HEAP"
                .formatted(e.getMessage().strip()),
            e);
      }

      throw e;
    }
  }

  /**
   * Executors need this jar, and libtorch unless it is on their class path or installed: without
   * --jars it is taken from natives/ beside the jar, where the build puts it.
   */
  private static void shipJars(SparkConf conf) {
    String given = conf.get("spark.jars", "");
    List<String> jars = new ArrayList<>(given.isEmpty() ? List.of() : List.of(given.split(",")));
    Path jar = jar();
    boolean local = isLocal(conf);
    if (jar != null && jars.isEmpty() && !local) {
      jars.add(jar.toUri().toString());
    }

    boolean hasTorch =
        System.getenv("PYTORCH_LIBRARY_PATH") != null
            || jars.stream().anyMatch(name -> name.contains("pytorch-native"));
    boolean seesTorch =
        Thread.currentThread().getContextClassLoader().getResource(TORCH) != null && local;
    if (jar != null && !hasTorch && !seesTorch) {
      jars.addAll(natives(jar.resolveSibling("natives")));
    }

    if (!jars.isEmpty()) {
      conf.set("spark.jars", String.join(",", jars));
    }
  }

  /** The shaded jar, or null where classes lie in folders. */
  private static Path jar() {
    try {
      URL location = SparkSessions.class.getProtectionDomain().getCodeSource().getLocation();
      Path path = Path.of(location.toURI());
      return path.toString().endsWith(".jar") ? path : null;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> natives(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.toUri().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of(); // TorchEngine tells what is missing where it is missing
    }
  }

  private static boolean isOnClassPath(String className) {
    try {
      Class.forName(className, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  static void check(SparkConf conf) {
    String serializer = conf.get("spark.serializer");
    if (serializer.endsWith("KryoSerializer")) {
      throw InvalidInputException.of(
          "Invalid spark.serializer: %s cannot write Java records; leave it out", serializer);
    }

    String gpus = conf.get("spark.task.resource.gpu.amount", "0");
    String executors = conf.get("spark.executor.resource.gpu.amount", "0");
    if (!isLocal(conf) && gpus.equals("0") && !executors.equals("0")) {
      throw InvalidInputException.of(
          "Missing spark.task.resource.gpu.amount: executors have"
              + " spark.executor.resource.gpu.amount=%s, but tasks would get no GPU; set it to 1 (on"
              + " CPUs leave out both)",
          executors);
    }

    if (isLocal(conf) && !gpus.equals("0")) {
      throw InvalidInputException.of(
          "Invalid spark.task.resource.gpu.amount: %s; with the master %s Spark would wait for"
              + " ever, leave it out: the GPU is used without",
          gpus, conf.get("spark.master"));
    }
  }

  /** Whether Spark would start executors outside of this JVM. */
  public static boolean isCluster(Settings settings) {
    String given = settings.run().master();
    String master = given.isEmpty() ? System.getProperty("spark.master", "local[*]") : given;
    return !isLocal(new SparkConf().setMaster(master));
  }

  private static boolean isLocal(SparkConf conf) {
    return conf.get("spark.master").matches("local(\\[.*])?");
  }
}
