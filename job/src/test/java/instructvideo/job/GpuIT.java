package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.Processes.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that Spark assigns a GPU to, with a PyTorch that has none. */
class GpuIT {

  @TempDir private Path temp;

  @Test
  void theTaskSaysWhatIsMissingInsteadOfTakingTheCpu() throws IOException, InterruptedException {
    Ended ended = Processes.run(Processes.sparkSubmit("local-cluster[1,1,1024]", prepare()));

    assertThat(ended.code()).as(ended.text()).isEqualTo(Main.USAGE);
    assertThat(ended.err())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("error: Cannot use GPU 0 of ")
                    .contains("Spark assigned it, but PyTorch there sees no GPU")
                    .contains("PYTORCH_FLAVOR"));
    assertThat(temp.resolve("table/prepare.json")).doesNotExist();
  }

  private List<String> prepare() throws IOException {
    Path prompts = temp.resolve("prompts.txt");
    Files.writeString(prompts, "a cat walking\n");
    List<String> args = new ArrayList<>(List.of("prepare"));
    args.addAll(Cli.models());
    args.addAll(
        List.of(
            "--prompts",
            prompts.toString(),
            "--out",
            temp.resolve("table").toString(),
            "--frames",
            "2",
            "--segments",
            "2",
            "--height",
            "32",
            "--width",
            "32"));
    for (String setting :
        List.of(
            "worker.resource.gpu.amount=1",
            "worker.resource.gpu.discoveryScript=" + discoveryScript(),
            "executor.resource.gpu.amount=1",
            "task.resource.gpu.amount=1")) {
      args.addAll(List.of("--conf", "spark." + setting));
    }

    return args;
  }

  /** deploy/gpu-discovery.sh, as on a host with one GPU. */
  private Path discoveryScript() throws IOException {
    Path script = temp.resolve("gpus.sh");
    Files.writeString(
        script,
        "#!/bin/sh\nGPUS=0 exec '%s'\n".formatted(Cli.ROOT.resolve("deploy/gpu-discovery.sh")));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
