package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.Settings;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** A Spark session with the settings that this job needs, and a check of those that break it. */
public final class SparkSessions {

  /** Only where the user or the cluster says nothing. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "spark.ui.enabled", "false",
          "spark.ui.showConsoleProgress", "false",
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.parquet.compression.codec", "zstd",
          "spark.serializer", "org.apache.spark.serializer.JavaSerializer");

  private SparkSessions() {}

  /** Starts Spark, or takes the session that spark-submit started. */
  public static SparkSession open(Settings settings, String application) {
    SparkConf conf = new SparkConf();
    if (!settings.run().master().isEmpty()) {
      conf.setMaster(settings.run().master());
    }

    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "instructvideo " + application);
    DEFAULTS.forEach(conf::setIfMissing);
    check(conf);
    return SparkSession.builder().config(conf).getOrCreate();
  }

  private static void check(SparkConf conf) {
    String serializer = conf.get("spark.serializer");
    if (serializer.endsWith("KryoSerializer")) {
      throw InvalidInputException.of(
          "Invalid spark.serializer: %s cannot write Java records; leave it out", serializer);
    }
  }
}
