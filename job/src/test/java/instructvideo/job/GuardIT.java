package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.format.FloatTensors;
import instructvideo.job.Cli.Result;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that a learning rate far too high ruins, watched. */
class GuardIT {

  private static final Path OTHER = Cli.SQUARE.resolveSibling("wide").resolve("reward/hf");

  @TempDir private static Path temp;
  private static String table;
  private static Path heldOut;

  @BeforeAll
  static void prepare() throws IOException {
    Path prompts = Files.writeString(temp.resolve("prompts.txt"), "a cat\na dog\n");
    heldOut = Files.writeString(temp.resolve("held-out.txt"), "a bird\na horse\n");
    table = temp.resolve("table").toString();
    Result result = Cli.run("prepare", Cli.prepareOptions(prompts, table));
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void stopsKeepsTheBestAndGoesOnWhenTold() throws IOException {
    Path run = temp.resolve("run");
    Result stopped = train(run);
    assertThat(stopped.code()).as(stopped.err()).isZero();
    assertThat(stopped.out()).contains("Stopped by the guard after round 1", "--best");
    assertThat(stopped.err()).contains("held-out prompts, the model alone:", "warning: ");
    GuardRecord record = record(run);
    assertThat(record.isStopped()).isTrue();
    assertThat(record.heldOut()).containsExactly("other");
    assertThat(record.best().round()).as("the model alone").isZero();
    assertThat(record.looks()).extracting(Look::round).containsExactly(0, 1);
    assertThat(record.looks().get(0).metrics())
        .containsKeys("hpsv2", "other", "motion", "diversity", "sharpness");
    assertSummaryAgrees(run, record.looks());
    assertThat(names(run.resolve("tensorboard"))).filteredOn(n -> n.contains("look")).hasSize(2);

    Result again = train(run);
    assertThat(again.code()).isZero();
    assertThat(again.out()).isEqualTo(stopped.out());
    assertThat(again.err()).as("Spark did not start").doesNotContain("held-out prompts");

    assertBestIsTheModelAlone(run);
    Result on = train(run, "--guard", "warn");
    assertThat(on.code()).as(on.err()).isZero();
    assertThat(on.err()).contains("round 3/3").doesNotContain("the model alone:");
    GuardRecord end = record(run);
    assertThat(end.status()).isEqualTo(GuardRecord.FINISHED);
    assertThat(on.out())
        .contains("Trained 3 rounds", "Best checkpoint: round " + end.best().round());
    String best = "round-%05d".formatted(end.best().round());
    assertThat(end.best().round()).isNotEqualTo(3);
    assertThat(names(run.resolve("checkpoints")))
        .as("--keep 1, and the best")
        .containsExactly(best, "round-00003");
  }

  /** Of round 0: no layer adds anything. */
  private static void assertBestIsTheModelAlone(Path run) throws IOException {
    Path out = temp.resolve("best");
    Result export =
        Cli.run(List.of("export", "--run", run.toString(), "--best", "--out", out.toString()));
    assertThat(export.code()).as(export.err()).isZero();
    FloatTensors.read(Files.readAllBytes(out.resolve("adapter_model.safetensors")))
        .values()
        .forEach(
            (name, values) -> {
              if (name.contains("lora_B")) {
                assertThat(values).as(name).containsOnly(0);
              }
            });
  }

  @Test
  void refusesWhatIsTrainedOn() {
    Path run = temp.resolve("never");
    Result same = train(run, "--guard-reward", "again=" + Cli.SQUARE.resolve("reward/HPS_v2.pt"));
    assertThat(same.code()).as(same.err()).isEqualTo(2);
    assertThat(same.err()).contains("Invalid --guard-reward: again=", "give another reward");
  }

  /** The look's means are those of its evaluation.json. */
  private static void assertSummaryAgrees(Path run, List<Look> looks) {
    EvaluationSummary summary = EvaluationSummary.read(run.resolve("looks/round-00001").toString());
    assertThat(summary.failures()).isEmpty();
    assertThat(summary.comparisons()).isNotEmpty();
    summary
        .comparisons()
        .forEach(
            comparison -> {
              String metric = comparison.metric();
              assertThat(looks.get(0).value(metric)).isEqualTo(comparison.base().mean());
              assertThat(looks.get(1).value(metric)).isEqualTo(comparison.tuned().mean());
            });
  }

  private static Result train(Path out, String... more) {
    List<String> options = new ArrayList<>(List.of("--rounds", "3", "--local-steps", "1"));
    options.addAll(List.of("--workers", "1", "--batch", "1", "--lr", "30", "--keep", "1"));
    options.addAll(List.of("--set", "optimizer.warmup-steps=0", "--tensorboard"));
    options.addAll(List.of("--eval-prompts", heldOut.toString(), "--eval-every", "1"));
    options.addAll(List.of("--guard-reward", "other=" + OTHER, "--set", "guard.ddim-steps=2"));
    options.addAll(Arrays.asList(more));
    return Cli.run(
        "train", Cli.trainOptions(table, out.toString(), options.toArray(new String[0])));
  }

  private static GuardRecord record(Path run) throws IOException {
    return GuardRecord.read(new org.apache.hadoop.fs.Path(run.toString())).orElseThrow();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }
}
