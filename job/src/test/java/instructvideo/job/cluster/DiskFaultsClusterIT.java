package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Disks that are full under the copies of models: file systems of half a megabyte. */
@ExtendWith(SharedCluster.class)
class DiskFaultsClusterIT {

  private final Runs runs;
  private final List<Path> mounted = new ArrayList<>();

  DiskFaultsClusterIT(Runs runs) {
    this.runs = runs;
  }

  /** Starts a host's worker again, over a small disk. */
  private void fill(Host host) throws IOException, InterruptedException {
    Path disk = Files.createDirectories(host.folder().resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString()) == 0,
        "no full disk is tried: this user may not mount one");
    mounted.add(disk);
    runs.cluster().stop(host);
    host.start(disk);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor();
  }

  @AfterEach
  void empty() throws IOException, InterruptedException {
    for (Host host : runs.cluster().hosts()) {
      runs.cluster().stop(host);
    }

    for (Path disk : mounted) {
      Cluster.await("unmounting", () -> run("umount", disk.toString()) == 0);
    }
  }

  @Test
  void fullDiskOfOneHost() throws IOException, InterruptedException {
    fill(runs.cluster().hosts().get(0));
    runs.cluster().awaitIdle();
    Output train = runs.train("full-disk", Map.of());
    Runs.assertSucceeds(train);
    assertThat(Files.readString(runs.cluster().hosts().get(0).logs().get(0)))
        .contains("Cannot copy s3a://bucket/models/pipeline to ");
    runs.assertTrained("full-disk");
  }

  @Test
  void fullDisksOfAllHosts() throws IOException, InterruptedException {
    for (Host host : runs.cluster().hosts()) {
      fill(host);
    }

    runs.cluster().awaitIdle();
    Map<String, String> settings =
        Map.of("spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout", "1s");
    Output train = runs.train("full-disks", settings);
    assertThat(train.end()).as(train.text()).isEqualTo(2);
    assertThat(train.text().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains("Cannot copy s3a://bucket/models/pipeline to ", "host", "INSTRUCTVIDEO_CACHE");
  }
}
