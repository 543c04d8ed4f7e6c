package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.cluster.Host.Executor;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that are killed: what follows comes to the bits of runs of which none was. */
@ExtendWith(SharedCluster.class)
class ProcessFaultsClusterIT {

  private static final String STEP = "instructvideo.train.LocalTrainer.step";
  private static final String SCORING = "instructvideo.spark.ScoreStream";

  private final Runs runs;
  private final Cluster cluster;

  ProcessFaultsClusterIT(Runs runs) {
    this.runs = runs;
    cluster = runs.cluster();
  }

  @Test
  void executorKilledInAStep() throws IOException, InterruptedException {
    Output train = runs.train("executor-killed", Map.of());
    train.await("round 1/3");
    cluster.executorIn(STEP).process().destroyForcibly();
    long start = System.nanoTime();
    train.await("Lost executor");
    train.await("round 2/3");
    Runs.tell("executor killed in a step, until the end of the round", start);
    Runs.assertSucceeds(train);
    runs.assertTrained("executor-killed");
  }

  @Test
  void executorKilledWhileItScores() throws IOException, InterruptedException {
    Output score = runs.score("executor-killed-scores", Map.of());
    cluster.executorIn(SCORING).process().destroyForcibly();
    score.await("Lost executor");
    Runs.assertSucceeds(score);
    runs.assertScored("executor-killed-scores");
  }

  @Test
  void workerKilledWhileItScores() throws IOException, InterruptedException {
    Output score = runs.score("worker-killed-scores", Map.of());
    cluster.hostOf(cluster.executorIn(SCORING)).killWorker();
    score.await("Lost executor");
    Runs.assertSucceeds(score);
    runs.assertScored("worker-killed-scores");
  }

  @Test
  void driverKilledWhileItScores() throws IOException, InterruptedException {
    Output killed = runs.score("driver-killed-scores", Map.of());
    cluster.executorIn(SCORING);
    killed.kill();
    Output score = runs.score("driver-killed-scores", Map.of());
    Runs.assertSucceeds(score);
    runs.assertScored("driver-killed-scores");
  }

  @Test
  void workerKilledInAStep() throws IOException, InterruptedException {
    Output train = runs.train("worker-killed", Map.of());
    train.await("round 1/3");
    Executor executor = cluster.executorIn(STEP);
    Host host = cluster.hostOf(executor);
    host.killWorker();
    long start = System.nanoTime();
    train.await("Lost executor");
    train.await("round 2/3");
    Runs.tell("worker killed in a step, until the end of the round", start);
    Runs.assertSucceeds(train);
    assertThat(executor.process().isAlive()).as("an executor without its worker").isFalse();
    runs.assertTrained("worker-killed");
  }

  @Test
  void driverKilledInACommit() throws IOException, InterruptedException {
    cluster.s3().hold("putBlob.*driver-killed/checkpoints/round-00002/moments");
    Output killed = runs.train("driver-killed", Map.of());
    Cluster.await("the commit of round 2", () -> cluster.s3().counts().held() > 0);
    killed.kill();
    long start = System.nanoTime();
    cluster.s3().heal();
    assertThat(runs.exists("driver-killed/checkpoints/round-00002/adapter.safetensors")).isTrue();
    assertThat(runs.exists("driver-killed/checkpoints/round-00002/manifest.json")).isFalse();

    Output train = runs.train("driver-killed", Map.of());
    train.await("Going on after round 1 of 3");
    train.await("round 2/3");
    Runs.tell("driver killed in a commit and started again, until the end of the round", start);
    Runs.assertSucceeds(train);
    assertThat(train.text()).doesNotContain("round 1/3");
    runs.assertTrained("driver-killed");
  }

  @Test
  void driverKilledBetweenTwoRounds() throws IOException, InterruptedException {
    Output killed = runs.train("driver-killed-between", Map.of());
    killed.await("round 1/3");
    killed.kill();
    Output train = runs.train("driver-killed-between", Map.of());
    train.await("Going on after round 1 of 3");
    Runs.assertSucceeds(train);
    assertThat(train.text()).doesNotContain("round 1/3");
    runs.assertTrained("driver-killed-between");
  }

  /** One of two hosts is warned, then gone, as a spot machine. */
  @Test
  void halfOfTheExecutorsReclaimed() throws IOException, InterruptedException {
    Output train = runs.train("reclaimed", Map.of());
    train.await("round 1/3");
    Executor executor = cluster.executorIn(STEP);
    Host host = cluster.hostOf(executor);
    Host.signal("PWR", host.worker().process().toHandle());
    long start = System.nanoTime();
    Cluster.await("the end of a warned executor", () -> !executor.process().isAlive());
    assertThat(executor.log()).contains("decommission");
    host.killWorker();
    train.await("round 2/3");
    Runs.tell("half of the executors reclaimed, until the end of the round", start);
    Runs.assertSucceeds(train);
    runs.assertTrained("reclaimed");
  }
}
