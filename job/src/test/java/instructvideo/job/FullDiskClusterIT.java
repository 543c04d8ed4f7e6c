package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import instructvideo.job.Processes.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that becomes full under --out: one line says so, and with room the run goes on. */
class FullDiskClusterIT {

  @TempDir private Path temp;
  private Path disk;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(temp.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", disk.toString()) == 0,
        "no full disk is tried: this user may not mount one");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    run("umount", "--lazy", disk.toString());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor();
  }

  private List<String> score(Path out) {
    List<String> args = new ArrayList<>(List.of("score", "--videos", Cli.VIDEOS.toString()));
    args.addAll(List.of("--prompt", "a cat", "--master", "local[2]", "--threads", "1"));
    args.addAll(List.of("--set", "score.chunk=1", "--out", out.toString()));
    args.addAll(Cli.models().subList(2, Cli.models().size()));
    return Processes.instructvideo(args);
  }

  @Test
  void scoringGoesOnWhenThereIsRoom() throws IOException, InterruptedException {
    Ended full = Processes.run(score(disk.resolve("scores")));
    assertThat(full.code()).as(full.text()).isEqualTo(2);
    assertThat(full.err().stream().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains("no space left on a disk", "--out " + disk, "start the same command again");

    assertThat(run("mount", "-o", "remount,size=10m", disk.toString())).isZero();
    Ended ended = Processes.run(score(disk.resolve("scores")));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text()).doesNotContain("error: ");
    assertThat(disk.resolve("scores/_scores/staging")).isEmptyDirectory();
  }

  /** Hadoop throws an Error there: run.json, and the first checkpoint. */
  @Test
  void trainingSaysSo() throws IOException, InterruptedException {
    Path prompts = Files.writeString(temp.resolve("prompts.txt"), "a cat walking\na dog\n");
    String table = temp.resolve("table").toString();
    List<String> options = List.of("--frames", "2", "--height", "32", "--width", "32");
    List<String> prepare = new ArrayList<>(options);
    prepare.addAll(List.of("--prompts", prompts.toString(), "--out", table));
    prepare.addAll(List.of("--segments", "2", "--ddim-steps", "2"));
    Ended prepared =
        Processes.run(Processes.instructvideo(Cli.args("prepare", prepare.toArray(String[]::new))));
    assertThat(prepared.code()).as(prepared.text()).isZero();

    String[] train = {"--data", table, "--out", disk.resolve("run").toString(), "--rounds", "1"};
    List<String> command = new ArrayList<>(Cli.args("train", train));
    command.addAll(List.of("--segments", "2", "--ddim-steps", "2", "--batch", "1"));
    Ended full = Processes.run(Processes.instructvideo(command));
    assertThat(full.code()).as(full.text()).isEqualTo(2);
    assertThat(full.err().get(full.err().size() - 1))
        .startsWith("error: Cannot ")
        .containsIgnoringCase("no space left on");
    assertThat(full.text()).doesNotContain("FSError");
  }
}
