package instructvideo.job.train;

import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Sums over all tasks that end while it listens. */
final class RoundTraffic extends SparkListener {

  private long tasks;
  private long shuffleWritten;
  private long shuffleRead;
  private long results;
  private long runMillis;

  /**
   * The sums.
   *
   * @param shuffleWritten bytes that tasks left for others
   * @param shuffleRead bytes that tasks took of that, from their own host too
   * @param results bytes that tasks sent to the driver
   * @param seconds of all tasks, one after the other
   */
  record Sums(long tasks, long shuffleWritten, long shuffleRead, long results, double seconds) {}

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    TaskMetrics metrics = end.taskMetrics();
    if (metrics != null) {
      tasks++;
      shuffleWritten += metrics.shuffleWriteMetrics().bytesWritten();
      shuffleRead += metrics.shuffleReadMetrics().totalBytesRead();
      results += metrics.resultSize();
      runMillis += metrics.executorRunTime();
    }
  }

  synchronized Sums sums() {
    return new Sums(tasks, shuffleWritten, shuffleRead, results, runMillis / 1e3);
  }
}
