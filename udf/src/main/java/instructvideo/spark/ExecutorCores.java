package instructvideo.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** The processors that this JVM may keep busy. */
final class ExecutorCores {

  private static final String CORES = "spark.executor.cores";

  private ExecutorCores() {}

  /** The executor's share of its host, or in local mode all of the host's. */
  static int count() {
    int available = Runtime.getRuntime().availableProcessors();
    SparkEnv env = SparkEnv.get();
    SparkConf conf = env == null ? new SparkConf() : env.conf();
    boolean isLocal = conf.get("spark.master", "local").matches("local(\\[.*])?");
    return isLocal ? available : Math.min(available, conf.getInt(CORES, available));
  }
}
