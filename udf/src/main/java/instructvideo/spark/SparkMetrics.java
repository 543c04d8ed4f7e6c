package instructvideo.spark;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import instructvideo.cache.ModelCache;
import instructvideo.nn.TorchEngine;
import instructvideo.train.Phase;
import instructvideo.train.StepMetrics;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/**
 * This JVM's figures in Spark's metrics system, as the source "instructvideo": every sink of Spark
 * shows them. A JVM registers them when it first has something to count, so that no setting is
 * needed, in SQL and PySpark neither.
 */
public final class SparkMetrics implements Source {

  private static final SparkMetrics INSTANCE = new SparkMetrics();

  private static volatile SparkEnv registered;

  private final MetricRegistry registry = new MetricRegistry();
  private final Meter samples = registry.meter("samples");
  private final Counter skipped = registry.counter("samples_skipped");
  private final Meter videos = registry.meter("videos");
  private final Meter generated = registry.meter("videos_generated");
  private final Counter decodeErrors = registry.counter("decode_errors");
  private final Meter frames = registry.meter("frames");
  private final AtomicInteger queue = new AtomicInteger();
  private final Map<String, Double> round = new ConcurrentHashMap<>();

  private SparkMetrics() {
    gauge("device_memory_bytes", TorchEngine::deviceMemory);
    gauge("model_cache_bytes", ModelCache::copiedBytes);
    gauge("model_cache_seconds", ModelCache::copiedSeconds);
    gauge("queue", queue::get);
  }

  private void gauge(String name, Gauge<Number> value) {
    registry.register(name, value);
  }

  private static String name(Phase phase) {
    return "seconds_" + phase.name().toLowerCase(Locale.ROOT);
  }

  /** Those of this JVM, known to the Spark application that runs in it. */
  public static SparkMetrics get() {
    SparkEnv env = SparkEnv.get();
    if (env != registered) {
      register(env);
    }

    return INSTANCE;
  }

  private static synchronized void register(SparkEnv env) {
    if (env != null && env != registered) {
      env.metricsSystem().registerSource(INSTANCE);
    }

    registered = env;
  }

  @Override
  public String sourceName() {
    return "instructvideo";
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  /** Samples that a worker takes up. */
  void sample() {
    samples.mark();
  }

  /** Samples whose loss was no number. */
  void skipped(int count) {
    skipped.inc(count);
  }

  /** A video that was read and decoded. */
  void video() {
    videos.mark();
  }

  /** A video that was made and published. */
  void generated() {
    generated.mark();
  }

  /** A video that could not be read or decoded. */
  void decodeError() {
    decodeErrors.inc();
  }

  /** Frames that were scored. */
  void frames(int count) {
    frames.mark(count);
  }

  /** Decoded frames that wait for the models: so many more, or fewer. */
  void queue(int change) {
    queue.addAndGet(change);
  }

  /**
   * A round that has ended, on the driver.
   *
   * @param total seconds of the round
   * @param average seconds of that not spent in workers
   */
  public void round(int number, StepMetrics sums, double total, double average) {
    put("round", number);
    put("reward_mean", sums.rewardMean());
    put("loss", sums.lossMean());
    put("seconds_round", total);
    put("seconds_average", average);
    sums.seconds().forEach((phase, seconds) -> put(name(phase), seconds));
  }

  /** Only the driver has these: they appear with the first round. */
  private void put(String name, double value) {
    if (round.put(name, value) == null) {
      gauge(name, () -> round.get(name));
    }
  }
}
