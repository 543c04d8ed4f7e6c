package instructvideo.job;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple4;
import scala.collection.JavaConverters;

/**
 * An accumulator with what tasks that still run have added to it, which Spark tells the driver with
 * each heartbeat: for showing progress.
 */
public final class RunningCount extends SparkListener {

  private final LongAccumulator accumulator;
  private final Map<Long, Long> running = new ConcurrentHashMap<>(); // by task

  /** Of an accumulator; to be added to the context's listeners. */
  public RunningCount(LongAccumulator accumulator) {
    this.accumulator = accumulator;
  }

  /** Of all tasks, as far as the driver knows. */
  public long sum() {
    return accumulator.sum() + running.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, scala.collection.Seq<AccumulableInfo>> task :
        JavaConverters.seqAsJavaListConverter(update.accumUpdates()).asJava()) {
      for (AccumulableInfo info : JavaConverters.seqAsJavaListConverter(task._4()).asJava()) {
        if (info.id() == accumulator.id() && info.update().isDefined()) {
          running.put((Long) task._1(), ((Number) info.update().get()).longValue());
        }
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
  }
}
