package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hosts that say they have two GPUs: Spark gives each of four tasks another one. */
@ExtendWith(SharedCluster.class)
class GpuClusterIT {

  private static final Pattern REFUSED =
      Pattern.compile("InvalidInputException: Cannot use GPU (\\S+) of ");

  private final Runs runs;

  GpuClusterIT(Runs runs) {
    this.runs = runs;
  }

  /** There is no GPU, so each task says which one it was to take, and why it cannot. */
  @Test
  void eachTaskTakesTheAddressThatSparkGaveIt() throws IOException, InterruptedException {
    Map<String, String> settings =
        Map.of(
            "spark.executor.cores", "1",
            "spark.task.cpus", "1",
            "spark.executor.resource.gpu.amount", "1",
            "spark.task.resource.gpu.amount", "1",
            "spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout", "1s");
    Output train = runs.train("gpus", settings, "--workers", "4");
    assertThat(train.end()).as(train.text()).isEqualTo(2);
    assertThat(train.text())
        .contains("error: Cannot use GPU ")
        .contains("Spark assigned it, but PyTorch there sees no GPU")
        .contains("PYTORCH_FLAVOR");
    for (Host host : runs.cluster().hosts()) {
      List<Set<String>> executors =
          host.logs().stream()
              .map(GpuClusterIT::refused)
              .filter(found -> !found.isEmpty())
              .toList();
      assertThat(executors).as(host.address()).containsExactlyInAnyOrder(Set.of("0"), Set.of("1"));
    }
  }

  private static Set<String> refused(Path log) {
    try {
      Matcher matcher = REFUSED.matcher(Files.readString(log));
      return matcher
          .results()
          .map(found -> found.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void executorsWithGpusOfWhichTasksGetNone() throws IOException, InterruptedException {
    Output train = runs.train("no-gpus", Map.of("spark.executor.resource.gpu.amount", "1"));
    assertThat(train.end()).as(train.text()).isEqualTo(2);
    assertThat(train.text().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains("Missing spark.task.resource.gpu.amount", "but tasks would get no GPU");
  }
}
