package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An S3 that fails for a while, with the settings that are shipped. */
@ExtendWith(SharedCluster.class)
class StorageFaultsClusterIT {

  /** Both on half of the cluster, so that they run at once. */
  private static final Map<String, String> HALF = Map.of("spark.cores.max", "2");

  private final Runs runs;
  private final S3Process s3;
  private S3Process.Counts counts;

  StorageFaultsClusterIT(Runs runs) {
    this.runs = runs;
    s3 = runs.cluster().s3();
  }

  /** Trains and scores at once. */
  private void trainAndScore(String out, Duration away) throws IOException, InterruptedException {
    Output train = runs.train(out, HALF);
    Output score = runs.score(out + "-scores", HALF);
    if (!away.isZero()) {
      train.await("round 1/3");
      long start = System.nanoTime();
      s3.goAway(away);
      int before = train.size();
      train.await(before, "round ");
      Runs.tell("S3 away, until the end of the next round", start);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(away);
    }

    Runs.assertSucceeds(train);
    Runs.assertSucceeds(score);
    counts = s3.counts();
    System.out.println(out + ": " + counts);
    s3.heal();
    runs.assertTrained(out);
    runs.assertScored(out + "-scores");
  }

  @Test
  void everyTenthRequestAnswered500Or503() throws IOException, InterruptedException {
    s3.answer("500,503", 10, "");
    trainAndScore("unavailable", Duration.ZERO);
    assertThat(counts.answered()).isGreaterThan(50);
  }

  /** Often in the middle of an answer about what S3 has done. */
  @Test
  void connectionsReset() throws IOException, InterruptedException {
    s3.breakEvery(25);
    trainAndScore("reset", Duration.ZERO);
    assertThat(counts.broken()).isGreaterThan(20);
  }

  @Test
  void awayForHalfAMinute() throws IOException, InterruptedException {
    trainAndScore("away", Duration.ofSeconds(30));
  }
}
