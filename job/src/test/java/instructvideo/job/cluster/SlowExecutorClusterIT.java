package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An executor 20 times slower than the other: its tasks run twice and count once. */
@ExtendWith(SharedCluster.class)
class SlowExecutorClusterIT {

  @TempDir private Path temp;
  private final Map<String, String> settings = new HashMap<>();
  private final Runs runs;
  private EventLog log;

  SlowExecutorClusterIT(Runs runs) {
    this.runs = runs;
  }

  @BeforeEach
  void speculate() {
    log = new EventLog(temp);
    settings.putAll(log.settings());
    settings.put("spark.speculation", "true");
    settings.put("spark.speculation.quantile", "0.5");
    settings.put("spark.speculation.interval", "100ms");
    settings.put("spark.speculation.minTaskRuntime", "100ms");
  }

  /** A second copy was started, and was the first to end. */
  private void assertSpeculated() throws IOException {
    assertThat(log.events("TaskEnd", "\"Speculative\":true"))
        .anySatisfy(end -> assertThat(end).contains("\"Reason\":\"Success\""));
  }

  @Test
  void trains() throws IOException, InterruptedException {
    Output train = runs.train("slow", settings);
    train.await("round 1/3");
    try (SlowProcess slow = new SlowProcess(runs.cluster().executors().get(0).process())) {
      Runs.assertSucceeds(train);
    }

    assertSpeculated();
    runs.assertTrained("slow");
  }

  @Test
  void scores() throws IOException, InterruptedException {
    Output score = runs.score("slow-scores", settings);
    try (SlowProcess slow =
        new SlowProcess(runs.cluster().executorIn("instructvideo.spark.ScoreStream").process())) {
      Runs.assertSucceeds(score);
    }

    assertSpeculated();
    runs.assertScored("slow-scores");
  }
}
