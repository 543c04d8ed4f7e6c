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

/** SIGKILL in the middle: what is started again ends with the bits of what was never stopped. */
class KillIT {

  private static final int SIGKILL = 128 + 9;

  @TempDir private Path temp;

  private String path(String name) {
    return temp.resolve(name).toString();
  }

  @Test
  void resumedIsUninterrupted() throws IOException, InterruptedException {
    Path prompts = temp.resolve("prompts.csv");
    Files.writeString(
        prompts,
        """
        prompt,video
        a cat walking,h264.mp4
        a dog,vp8_odd.webm
        an eagle,prores_alpha.mov
        a fish,mjpeg_full_range.avi
        """);
    List<String> prepare =
        Processes.instructvideo(Cli.args("prepare", Cli.prepareOptions(prompts, path("table"))));
    Ended killed = Processes.run(prepare, "prepare 1/4");
    Ended prepared = Processes.run(prepare);
    assertThat(prepared.code()).as(prepared.text()).isZero();
    assertThat(killed.code()).isIn(SIGKILL, 0); // its line may be the last one

    List<String> interrupted = Processes.instructvideo(train("interrupted", "--tensorboard"));
    Ended first = Processes.run(interrupted, "round 1/3");
    assertThat(first.code()).as(first.text()).isEqualTo(SIGKILL);
    Ended second = Processes.run(interrupted);
    assertThat(second.code()).as(second.text()).isZero();
    assertThat(second.text()).contains("Going on after round").doesNotContain("round 1/3");
    Cli.Result whole = Cli.run(train("whole"));
    assertThat(whole.code()).as(whole.err()).isZero();
    for (String file : List.of("adapter.safetensors", "moments.safetensors", "state.json")) {
      String name = "checkpoints/round-00003/" + file;
      assertThat(temp.resolve("interrupted").resolve(name))
          .hasSameBinaryContentAs(temp.resolve("whole").resolve(name));
    }

    assertThat(Storage.list(new org.apache.hadoop.fs.Path(path("interrupted/tensorboard"))))
        .containsExactly(
            "events.out.tfevents.0000000000.0-begin",
            "events.out.tfevents.0000000001.1-round",
            "events.out.tfevents.0000000002.1-round",
            "events.out.tfevents.0000000003.1-round",
            "events.out.tfevents.0000000003.3-end");
  }

  private List<String> train(String out, String... more) {
    List<String> args =
        new ArrayList<>(
            Cli.args(
                "train",
                Cli.trainOptions(
                    path("table"),
                    path(out),
                    "--rounds",
                    "3",
                    "--local-steps",
                    "1",
                    "--batch",
                    "1")));
    args.addAll(List.of(more));
    return args;
  }
}
