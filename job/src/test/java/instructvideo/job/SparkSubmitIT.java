package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.Processes.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shaded jar under spark-submit, with executors in processes of their own. */
class SparkSubmitIT {

  @TempDir private Path temp;

  @Test
  void executorsOfACluster() throws IOException, InterruptedException {
    Path prompts = temp.resolve("prompts.txt");
    Files.writeString(prompts, "a cat walking\na dog\n");
    Path conf = temp.resolve("job.conf");
    Files.writeString(
        conf, "video { frames = 2, height = 32, width = 32 }\nreward.segments = 2\nthreads = 1\n");
    String table = temp.resolve("table").toString();
    String run = temp.resolve("run").toString();
    String[] prepare = {
      "--conf-file",
      conf.toString(),
      "--prompts",
      prompts.toString(),
      "--out",
      table,
      "--ddim-steps",
      "2"
    };
    submit("prepare", prepare);
    String[] train = {
      "--conf-file",
      conf.toString(),
      "--data",
      table,
      "--out",
      run,
      "--ddim-steps",
      "4",
      "--rounds",
      "1",
      "--local-steps",
      "1",
      "--batch",
      "1"
    };
    List<String> watched = new ArrayList<>(List.of(train));
    Path sink = temp.resolve("sink");
    watched.addAll(SparkMetricsIT.conf(sink, temp.resolve("events")));
    Ended trained = submit("train", watched.toArray(new String[0]));
    assertThat(trained.text()).contains("round 1/1").contains("2 samples");
    assertThat(Path.of(run).resolve("checkpoints/round-00001/manifest.json")).exists();
    assertThat(samples(sink, "0") + samples(sink, "1")).isEqualTo(2);
    assertThat(SparkMetricsIT.figures(sink, "driver")).containsEntry("round", 1.0);
  }

  /** That an executor took up; none if it was given none. */
  private static double samples(Path sink, String executor) throws IOException {
    return SparkMetricsIT.figures(sink, executor).getOrDefault("samples", 0.0);
  }

  private static Ended submit(String command, String... more)
      throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(Cli.models());
    args.addAll(List.of(more));
    Ended ended = Processes.run(Processes.sparkSubmit("local-cluster[2,1,1024]", args));
    assertThat(ended.code()).as(ended.text()).isZero();
    return ended;
  }
}
