package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to train other than the default, on Spark. */
class MethodsIT {

  private static final String LAST = "checkpoints/round-00002";

  @TempDir private static Path temp;
  private static String table;

  @BeforeAll
  static void prepare() throws IOException {
    Path prompts = temp.resolve("prompts.txt");
    Files.writeString(prompts, "a cat\na dog\nan eagle\na fish\n");
    table = temp.resolve("table").toString();
    Result result = Cli.run("prepare", Cli.prepareOptions(prompts, table));
    assertThat(result.code()).as(result.err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"draft", "rwr", "ddpo"})
  void resumedIsUninterrupted(String method) throws IOException {
    Path whole = temp.resolve(method);
    Result result = train(method, whole);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("round 2/2");
    Path resumed = temp.resolve(method + "-resumed");
    FileUtils.copyDirectory(whole.toFile(), resumed.toFile());
    FileUtils.deleteDirectory(resumed.resolve(LAST).toFile());
    Result again = train(method, resumed);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("Going on after round 1").doesNotContain("round 1/2 ");
    for (String file : List.of("adapter.safetensors", "moments.safetensors", "state.json")) {
      assertThat(resumed.resolve(LAST).resolve(file))
          .hasSameBinaryContentAs(whole.resolve(LAST).resolve(file));
    }

    Path adapter = whole.resolve("checkpoints/round-00001/adapter.safetensors");
    assertThat(Files.mismatch(adapter, whole.resolve(LAST).resolve("adapter.safetensors")))
        .as("the second round changes the weights")
        .isNotNegative();
    Predicate<Double> expected =
        method.equals("ddpo") ? kl -> kl != null && kl > 0 : kl -> kl == null;
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      List<Row> rounds = spark.read().parquet(whole + "/metrics").collectAsList();
      assertThat(rounds).extracting(row -> row.<Integer>getAs("samples")).containsExactly(4, 4);
      assertThat(rounds).allMatch(row -> expected.test(row.<Double>getAs("approx_kl")));
      assertThat(rounds).allMatch(row -> Math.abs(row.<Double>getAs("reward_mean")) < 1);
    }

    Result other = train(method.equals("rwr") ? "ddpo" : "rwr", whole);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("train.method was " + method);
  }

  /** Before there was a choice, run.json did not name it. */
  @Test
  void runWithoutAMethodGoesOn() throws IOException {
    Path out = temp.resolve("old");
    String[] short1 = {"--rounds", "1", "--local-steps", "1"};
    assertThat(train("instructvideo", out, short1).code()).isZero();
    Path file = out.resolve("run.json");
    JsonObject run = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    List<String> keys = new ArrayList<>(run.getAsJsonObject("settings").keySet());
    keys.removeIf(key -> !key.matches("train\\.(method|rwr\\..*|ddpo\\..*)"));
    assertThat(keys).hasSize(6);
    keys.forEach(run.getAsJsonObject("settings")::remove);
    Files.writeString(file, run.toString());
    Result same = train("instructvideo", out, short1);
    assertThat(same.code()).as(same.err()).isZero();
    assertThat(same.out()).contains("is complete");
    assertThat(train("draft", out, short1).err())
        .contains("train.method was instructvideo, is draft");
  }

  @Test
  void nonsenseIsOneLine() {
    Path out = temp.resolve("never");
    expect("must be one of [instructvideo, draft, rwr, ddpo]", train("ppo", out));
    expect(
        "train.method ddpo compares the videos of a worker's round",
        train("ddpo", out, "--local-steps", "1"));
    expect(
        "train.ddpo.eta must be in (0, 1], is 0", train("ddpo", out, "--set", "train.ddpo.eta=0"));
    expect("train.rwr.beta must be above 0", train("rwr", out, "--set", "train.rwr.beta=0"));
    assertThat(out).doesNotExist();
  }

  private static Result train(String method, Path out, String... more) {
    List<String> options = new ArrayList<>(List.of("--method", method));
    options.addAll(List.of("--rounds", "2", "--local-steps", "2", "--workers", "2"));
    options.addAll(List.of("--batch", "1", "--set", "optimizer.warmup-steps=0"));
    options.addAll(Arrays.asList(more));
    return Cli.run(
        "train", Cli.trainOptions(table, out.toString(), options.toArray(new String[0])));
  }

  private static void expect(String text, Result result) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains(text).hasLineCount(1);
  }
}
