package instructvideo.job.doctor;

import instructvideo.spark.doctor.Check;
import instructvideo.spark.doctor.HostChecks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The checks of a host on every executor, in small jobs that find them all. */
final class ClusterChecks {

  private static final int WAIT_SECONDS = 30;
  private static final int ROUNDS = 3;
  private static final long TASK_MILLIS = 300; // so that one executor does not take all tasks

  private final JavaSparkContext spark;
  private final long weights;
  private final int threads;

  ClusterChecks(SparkSession session, long weights, int threads) {
    spark = new JavaSparkContext(session.sparkContext());
    this.weights = weights;
    this.threads = threads;
  }

  /** Findings of all executors that came; equal ones once. */
  List<Finding> run() throws InterruptedException {
    int count = awaitExecutors();
    if (count == 0) {
      return List.of(
          new Finding(
              "driver",
              Check.fail(
                  "executors",
                  "none came within %d s".formatted(WAIT_SECONDS),
                  "fewer spark.executor.instances, less spark.executor.memory and memoryOverhead, a GPU"
                      + " that a worker offers; the master's page says what it waits for")));
    }

    Map<String, Executor> found = new TreeMap<>();
    for (int round = 0; round < ROUNDS && found.size() < count; round++) {
      int tasks = Math.max(2 * count, spark.defaultParallelism());
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        numbers.add(i);
      }

      long bytes = weights;
      int operatorThreads = threads;
      for (Executor executor :
          spark
              .parallelize(numbers, tasks)
              .map(number -> Executor.here(bytes, operatorThreads))
              .collect()) {
        found.put(executor.id, executor);
      }
    }

    return findings(found, count);
  }

  /** One executor's checks. */
  private record Executor(String id, String host, List<Check> checks)
      implements java.io.Serializable {

    private static Executor kept; // of this JVM

    static Executor here(long weights, int threads) throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(TASK_MILLIS);
      synchronized (Executor.class) {
        if (kept == null) {
          kept =
              new Executor(
                  SparkEnv.get().executorId(),
                  SparkEnv.get().blockManager().blockManagerId().host(),
                  new ArrayList<>(HostChecks.run(weights, threads)));
        }

        return kept;
      }
    }
  }

  private int awaitExecutors() throws InterruptedException {
    int wanted = spark.getConf().getInt("spark.executor.instances", 0);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    int seen = 0;
    int steady = 0;
    while (System.nanoTime() < end && (seen == 0 || (wanted == 0 ? steady < 10 : seen < wanted))) {
      TimeUnit.MILLISECONDS.sleep(200);
      int now = executors();
      steady = now == seen ? steady + 1 : 0;
      seen = now;
    }

    return seen;
  }

  /** The driver is one of the infos. */
  private int executors() {
    SparkExecutorInfo[] infos = spark.sc().statusTracker().getExecutorInfos();
    return Math.max(0, infos.length - 1); // none at all before Spark has looked
  }

  private static List<Finding> findings(Map<String, Executor> found, int count) {
    TreeSet<String> hosts = new TreeSet<>();
    Map<Check, TreeSet<String>> where = new HashMap<>();
    List<Check> order = new ArrayList<>();
    for (Executor executor : found.values()) {
      hosts.add(executor.host);
      for (Check check : executor.checks) {
        if (!where.containsKey(check)) {
          order.add(check);
        }

        where.computeIfAbsent(check, key -> new TreeSet<>()).add(executor.id);
      }
    }

    List<Finding> findings = new ArrayList<>();
    String value =
        "%d on %d hosts: %s".formatted(found.size(), hosts.size(), String.join(", ", hosts));
    findings.add(
        new Finding(
            "driver",
            found.size() < count
                ? Check.warn(
                    "executors",
                    value + "; %d did not answer".formatted(count - found.size()),
                    "look at their logs")
                : Check.ok("executors", value)));
    order.forEach(
        check ->
            findings.add(new Finding("executors " + String.join(", ", where.get(check)), check)));
    return findings;
  }
}
