package instructvideo.job;

import instructvideo.spark.Generation;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Making videos while the console tells how far it is. */
public final class VideoGeneration {

  private VideoGeneration() {}

  /**
   * Makes what is pending.
   *
   * @param chunk videos of one file of the table, 0 to choose by their number
   */
  public static Generation.Result run(
      SparkSession spark, Generation generation, Generation.Plan plan, int chunk) {
    LongAccumulator done = spark.sparkContext().longAccumulator("videos made");
    RunningCount count = new RunningCount(done);
    spark.sparkContext().addSparkListener(count);
    try (ProgressLine line = new ProgressLine("generate", plan.pending().size(), 0, count::sum)) {
      return generation.run(plan, chunk, done);
    } finally {
      spark.sparkContext().removeSparkListener(count);
    }
  }
}
