package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checkpoints that are not what was written, or are written by two. */
@ExtendWith(SharedCluster.class)
class CheckpointFaultsClusterIT {

  private static final Map<String, String> HALF = Map.of("spark.cores.max", "2");

  private final Runs runs;

  CheckpointFaultsClusterIT(Runs runs) {
    this.runs = runs;
  }

  @Test
  void flippedBitOfTheLastCheckpoint() throws IOException, InterruptedException {
    runs.copy(Runs.WHOLE, "flipped");
    String name = "flipped/checkpoints/round-00003/moments.safetensors";
    byte[] bytes = runs.read(name);
    bytes[bytes.length / 2] ^= 1;
    runs.write(name, bytes);

    Output train = runs.train("flipped", Map.of());
    Runs.assertSucceeds(train);
    assertThat(train.text())
        .contains("round-00003 is damaged: moments.safetensors is not what was written")
        .contains("Going on after round 2 of 3");
    runs.assertTrained("flipped");
  }

  /** The first is held up in the middle of a commit, and gives signs of life all the while. */
  @Test
  void secondDriverOnTheSameOutputStops() throws IOException, InterruptedException {
    S3Process s3 = runs.cluster().s3();
    s3.hold("putBlob.*claimed/checkpoints/round-00002/moments");
    Output first = runs.train("claimed", Map.of());
    Cluster.await("the commit of round 2", () -> s3.counts().held() > 0);
    Output second = runs.train("claimed", Map.of());
    assertThat(second.end()).as(second.text()).isEqualTo(1);
    assertThat(second.text().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains("Cannot write to s3a://bucket/claimed: another run works on it (train on ")
        .contains("give another --out");
    s3.heal();
    Runs.assertSucceeds(first);
    runs.assertTrained("claimed");
  }

  /** The first gives no sign of life for a while, is taken for dead, and comes back. */
  @Test
  void frozenDriverStopsWhenAnotherHasTakenOver() throws IOException, InterruptedException {
    String[] claim = {"--set", "claim.heartbeat=1", "--set", "claim.takeover=4"};
    Output first = runs.train("frozen", HALF, claim);
    first.await("round 1/3");
    Host.signal("STOP", first.process().toHandle());
    Output second = runs.train("frozen", HALF, claim);
    second.await("Taking s3a://bucket/frozen over");
    Host.signal("CONT", first.process().toHandle());
    assertThat(first.end()).as(first.text()).isEqualTo(1);
    assertThat(first.text()).contains("error: Cannot go on with s3a://bucket/frozen: another run");
    Runs.assertSucceeds(second);
    runs.assertTrained("frozen");
  }
}
