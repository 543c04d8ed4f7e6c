package instructvideo.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Cli;
import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real demo, very small. */
class DemoIT {

  @TempDir private Path temp;

  private static Result demo(Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("demo", "--out", out.toString()));
    args.addAll(List.of("--set", "demo.clips=4", "--set", "demo.captions=1"));
    args.addAll(List.of("--set", "demo.copies=1", "--ddim-steps", "5"));
    args.addAll(List.of("--starting-partial", "0.4", "--grad-steps", "1", "--segments", "1"));
    args.addAll(List.of("--rounds", "2", "--local-steps", "1", "--batch", "1"));
    args.addAll(Arrays.asList(more));
    return Cli.run(args);
  }

  @Test
  void writesOnePageAndGoesOnWhereItWas() throws IOException {
    Path out = temp.resolve("demo");
    Result first = demo(out);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("Nearer to the clean clip:", "of 1 videos", "Demo done in")
        .contains(out.resolve("report.html").toString());
    assertThat(first.err()).contains("[1/5] Files", "[5/5] Page", "round 2/2");
    String page = Files.readString(out.resolve("report.html"));
    assertThat(page).contains(Subject.test().get(0).caption(), "<svg", "data:image/");
    assertThat(page).contains("What the videos show", "videos with the right motion");
    assertThat(page).as("every place is filled").doesNotContain("{{");
    assertThat(page).as("everything is inside").doesNotContainPattern("(src|href)=\"https?:");
    assertThat(out.resolve("before-after.png")).isNotEmptyFile();
    byte[] evaluation = Files.readAllBytes(out.resolve("evaluation/evaluation.json"));
    byte[] truth = Files.readAllBytes(out.resolve("truth.json"));

    Result second = demo(out);
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.err()).doesNotContain("round 1/2").doesNotContain("round 2/2");
    assertThat(Files.readAllBytes(out.resolve("evaluation/evaluation.json"))).isEqualTo(evaluation);
    assertThat(Files.readAllBytes(out.resolve("truth.json"))).isEqualTo(truth);

    Result other = demo(out, "--seed", "5");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("it was started with other settings");
  }

  @Test
  void leavesADirectoryOfSomethingElseAlone() throws IOException {
    Path file = temp.resolve("thesis.txt");
    Files.writeString(file, "all of it");
    Result result = demo(temp);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: Cannot write to " + temp)
        .contains("it is not empty and holds no demo; give another --out");
    try (Stream<Path> entries = Files.list(temp)) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void refusesARemotePlace() {
    assertThatThrownBy(() -> DemoFiles.of("s3a://bucket/demo"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid --out: s3a://bucket/demo; the demo writes to a directory of this machine");
  }
}
