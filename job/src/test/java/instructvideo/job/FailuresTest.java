package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.error.InvalidInputException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void endOfSparkIsNotTheReason() {
    IllegalStateException stopped =
        new IllegalStateException(
            "Cannot call methods on a stopped SparkContext.\nThis stopped SparkContext was created"
                + " at:\n...");
    SparkException cancelled =
        new SparkException("Job 3 cancelled because SparkContext was shut down");
    for (Exception error : new Exception[] {stopped, cancelled}) {
      assertThat(Failures.line(error))
          .startsWith("Cannot go on: Spark has ended before the command did, since the master is")
          .endsWith("then start the same command again");
    }
  }

  @Test
  void sentencesStay() {
    Exception stopped = new IllegalStateException("a stopped SparkContext");
    assertThat(Failures.line(new InvalidInputException("Cannot read x: damaged", stopped)))
        .isEqualTo("Cannot read x: damaged");
  }
}
