package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.cluster.Host.Executor;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that die: training and scoring come to the bits of runs of which none died. */
@ExtendWith(SharedCluster.class)
class ProcessFaultsClusterIT {

  private final Runs runs;

  ProcessFaultsClusterIT(Runs runs) {
    this.runs = runs;
  }

  /** An executor that is in the middle of a step, as its threads say. */
  private Executor inAStep() throws IOException, InterruptedException {
    Executor[] found = new Executor[1];
    Cluster.await(
        "an executor in a step",
        () -> {
          for (Executor executor : runs.cluster().executors()) {
            if (executor.stacks().contains("instructvideo.train.LocalTrainer.step")) {
              found[0] = executor;
            }
          }

          return found[0] != null;
        });
    return found[0];
  }

  @Test
  void executorKilledInAStep() throws IOException, InterruptedException {
    Output train = runs.train("executor-killed", Map.of());
    train.await("round 1/3");
    inAStep().process().destroyForcibly();
    long start = System.nanoTime();
    train.await("Lost executor");
    train.await("round 2/3");
    System.out.printf("recovered in %.1f s%n", (System.nanoTime() - start) / 1e9);
    assertThat(train.end()).as(train.text()).isZero();
    runs.assertTrained("executor-killed");
  }
}
