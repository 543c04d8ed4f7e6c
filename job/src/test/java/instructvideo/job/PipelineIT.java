package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli.Result;
import instructvideo.job.run.Checkpoint;
import instructvideo.job.run.RunDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From prompts and videos to an adapter, in one JVM. */
class PipelineIT {

  @TempDir private static Path temp;
  private static Path prompts;
  private static String table;

  @BeforeAll
  static void prepare() throws IOException {
    prompts = temp.resolve("prompts.csv");
    Files.writeString(
        prompts,
        """
        id,prompt,video
        a,a cat walking,h264.mp4
        b,"a dog, running",vp8_odd.webm
        c,an eagle,prores_alpha.mov
        d,a fish,mjpeg_full_range.avi
        e,a red panda,
        f,broken,resize.txt
        """);
    table = temp.resolve("table").toString();
    String[] options = Cli.prepareOptions(prompts, table, "--max-reject-fraction", "0.2");
    Result result = Cli.run("prepare", options);
    assertThat(result.err()).contains("prepare 6/6");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("Prepared 5 samples (4 of videos, 1 sampled from the model), 1 rejects");
  }

  private static String path(String name) {
    return temp.resolve(name).toString();
  }

  private static SortedMap<String, float[]> weights(String run) throws IOException {
    Checkpoint last = new RunDirectory(run).latest().orElseThrow();
    return last.state().lora().weights();
  }

  private static double largestDifference(String run, String other) throws IOException {
    SortedMap<String, float[]> expected = weights(other);
    double largest = 0;
    for (Map.Entry<String, float[]> tensor : weights(run).entrySet()) {
      float[] values = expected.get(tensor.getKey());
      for (int i = 0; i < values.length; i++) {
        largest = Math.max(largest, Math.abs(values[i] - tensor.getValue()[i]));
      }
    }

    return largest;
  }

  @Test
  void tableHoldsEveryPromptOnce() {
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      List<Row> samples =
          spark.read().parquet(table + "/samples").orderBy("position").collectAsList();
      List<Row> rejects = spark.read().parquet(table + "/rejects").collectAsList();
      assertThat(samples)
          .extracting(row -> row.<String>getAs("id"))
          .containsExactly("a", "b", "c", "d", "e");
      assertThat(samples)
          .extracting(row -> row.<String>getAs("source"))
          .containsExactly("video", "video", "video", "video", "sampled");
      assertThat(samples)
          .allSatisfy(
              row -> {
                assertThat(row.<Integer>getList(row.fieldIndex("latents_shape")))
                    .hasSize(4)
                    .startsWith(4, 3);
                assertThat(row.<String, byte[]>getJavaMap(row.fieldIndex("text_features")))
                    .containsOnlyKeys("hpsv2");
              });
      assertThat(rejects).hasSize(1);
      assertThat(rejects.get(0).<String>getAs("reason")).contains("not a video");
    }
  }

  @Test
  void preparingAgainChangesNothing() {
    Result again =
        Cli.run("prepare", Cli.prepareOptions(prompts, table, "--max-reject-fraction", "0.2"));
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("is complete");
    Result other = Cli.run("prepare", Cli.prepareOptions(prompts, table, "--seed", "1"));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("seed was 0, is 1");
  }

  @Test
  void tooManyRejectsFail() throws IOException {
    Path few = temp.resolve("few.jsonl");
    Files.writeString(
        few,
        """
        {"prompt": "a cat", "video": "h264.mp4"}
        {"prompt": "a dog", "video": "missing.mp4"}
        """);
    Result result = Cli.run("prepare", Cli.prepareOptions(few, path("few")));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("1 of 2 prompts were rejected").contains("no such file");
    assertThat(temp.resolve("few/prepare.json")).doesNotExist();
    Result train = Cli.run("train", Cli.trainOptions(path("few"), path("few-run")));
    assertThat(train.code()).isEqualTo(2);
    assertThat(train.err()).contains("no prepare.json there");
  }

  /** As two executors leave it that died over the first video. */
  @Test
  void aVideoThatEndsItsProcessIsAReject() throws IOException {
    Path few = temp.resolve("deadly.csv");
    Files.writeString(
        few, "prompt,video\na cat,h264.mp4\na dog,missing.mp4\nan eagle,vp8_odd.webm\n");
    assertThat(Cli.run("prepare", Cli.prepareOptions(few, path("deadly"))).code()).isEqualTo(1);
    Path notes = Files.createDirectories(temp.resolve("deadly/_chunks/00000-in-hand"));
    Files.writeString(notes.resolve("0.second"), "file:" + Cli.VIDEOS.resolve("h264.mp4"));
    Files.writeString(notes.resolve("0.third"), "file:" + Cli.VIDEOS.resolve("h264.mp4"));
    Result result =
        Cli.run("prepare", Cli.prepareOptions(few, path("deadly"), "--max-reject-fraction", "0.7"));
    assertThat(result.code()).as(result.err()).isZero();
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      List<Row> rejects =
          spark.read().parquet(path("deadly/rejects")).orderBy("position").collectAsList();
      assertThat(rejects)
          .extracting(row -> row.<String>getAs("reason"))
          .satisfiesExactly(
              reason -> assertThat(reason).contains("process that decoded it ended, twice"),
              reason -> assertThat(reason).contains("no such file"));
    }

    assertThat(notes).doesNotExist();
  }

  @Test
  void workersDoNotChangeTheResult() throws IOException {
    String[] sgd = {
      "--optimizer",
      "sgd",
      "--lr",
      "1000",
      "--local-steps",
      "1",
      "--rounds",
      "1",
      "--outer",
      "average"
    };
    train("one", sgd, "--workers", "1", "--batch", "3");
    train("three", sgd, "--workers", "3", "--batch", "1");
    double change =
        weights(path("one")).entrySet().stream()
            .filter(tensor -> tensor.getKey().contains("lora_B"))
            .mapToDouble(tensor -> largest(tensor.getValue()))
            .max()
            .orElseThrow();
    assertThat(change).as("B begins at zero").isGreaterThan(1e-4);
    assertThat(largestDifference(path("one"), path("three"))).isCloseTo(0, within(1e-4 * change));
  }

  private static void train(String out, String[] options, String... more) {
    Result result = Cli.run("train", Cli.trainOptions(table, path(out), concat(options, more)));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("round 1/1").contains("reward").contains("3 samples");
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }

    return largest;
  }

  private static String[] concat(String[] first, String... second) {
    return Stream.concat(Stream.of(first), Stream.of(second)).toArray(String[]::new);
  }

  @Test
  void trainsAndExports() throws IOException {
    String run = path("run");
    String[] options = {"--rounds", "2", "--local-steps", "2", "--workers", "2", "--batch", "1"};
    Result result =
        Cli.run("train", Cli.trainOptions(table, run, concat(options, "--outer", "nesterov")));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("ETA").contains("round 2/2");
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      List<Row> rounds = spark.read().parquet(run + "/metrics").orderBy("round").collectAsList();
      assertThat(rounds).extracting(row -> row.<Integer>getAs("samples")).containsExactly(4, 4);
      assertThat(rounds).allSatisfy(row -> assertThat(row.<Double>getAs("loss")).isBetween(0., 2.));
    }

    for (String format : List.of("peft", "diffusers", "merged")) {
      Result export =
          Cli.run(
              List.of("export", "--run", run, "--format", format, "--out", path("out-" + format)));
      assertThat(export.code()).as(export.err()).isZero();
    }

    assertThat(temp.resolve("out-peft/adapter_model.safetensors")).isNotEmptyFile();
    Result other = Cli.run("train", Cli.trainOptions(table, run, concat(options, "--lr", "1e-4")));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("optimizer.lr was");
  }

  @Test
  void badInputIsOneLineAndLeavesNothing() {
    String out = path("never");
    expect(
        "at least --segments (4)",
        Cli.run("prepare", Cli.prepareOptions(prompts, out, "--segments", "4")));
    expect(
        "multiple of the VAE's factor",
        Cli.run("prepare", Cli.prepareOptions(prompts, out, "--height", "33")));
    expect(
        "Invalid --workers: 9", Cli.run("train", Cli.trainOptions(table, out, "--workers", "9")));
    expect(
        "Invalid --segments: 4", Cli.run("train", Cli.trainOptions(table, out, "--segments", "4")));
    expect(
        "nearest option is --rank", Cli.run("train", Cli.trainOptions(table, out, "--rnk", "4")));
    expect(
        "nearest known key is train.local-steps",
        Cli.run("train", Cli.trainOptions(table, out, "--set", "train.local-step=4")));
    expect(
        "reward",
        Cli.run(List.of("prepare", "--model", "nowhere", "--prompts", "x", "--out", out)));
    expect("nowhere", Cli.run("train", Cli.trainOptions(table, out, "--model", path("nowhere"))));
    assertThat(temp.resolve("never")).doesNotExist();
  }

  @Test
  void rewardsThatAreNoNumbersEndTheRun() throws IOException {
    Path hf = Files.createDirectory(temp.resolve("hf"));
    Files.copy(Cli.SQUARE.resolve("reward/hf/config.json"), hf.resolve("config.json"));
    byte[] weights = Files.readAllBytes(Cli.SQUARE.resolve("reward/hf/model.safetensors"));
    Files.write(hf.resolve("model.safetensors"), withNaN(weights, "visual_projection.weight"));
    Path two = temp.resolve("two.txt");
    Files.writeString(two, "a cat\na dog\n");
    List<String> models = List.of("--model", Cli.models().get(1), "--reward", "clip=" + hf);
    List<String> prepare = new ArrayList<>(List.of("prepare"));
    prepare.addAll(models);
    prepare.addAll(List.of(Cli.prepareOptions(two, path("nan-table"))));
    Result prepared = Cli.run(prepare);
    assertThat(prepared.code()).as(prepared.err()).isZero();
    List<String> train = new ArrayList<>(List.of("train"));
    train.addAll(models);
    train.addAll(List.of(Cli.trainOptions(path("nan-table"), path("nan-run"))));
    expect("the loss of all 16 samples of round 1 is no number", Cli.run(train));
    assertThat(temp.resolve("nan-run/checkpoints")).doesNotExist();
  }

  @Test
  void trainsOnASumOfRewards() throws IOException {
    Path two = temp.resolve("sum.txt");
    Files.writeString(two, "a cat\na dog\n");
    Path heads = Cli.ROOT.resolve("udf/src/test/resources/fixtures/rewards");
    List<String> aesthetic =
        List.of(
            "--reward",
            "aesthetic=" + Cli.SQUARE.resolve("reward/hf"),
            "--head",
            "aesthetic=" + heads.resolve("mlp.pth"));
    String[] clip = {"--reward", "clip=" + Cli.SQUARE.resolve("reward/hf")};
    String table = path("sum-table");
    List<String> prepare = new ArrayList<>(aesthetic);
    prepare.addAll(List.of(clip));
    prepare.addAll(List.of(Cli.prepareOptions(two, table)));
    Result prepared = Cli.run("prepare", prepare.toArray(new String[0]));
    assertThat(prepared.code()).as(prepared.err()).isZero();
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      assertThat(spark.read().parquet(table + "/samples").collectAsList())
          .allSatisfy(
              row ->
                  assertThat(row.<String, byte[]>getJavaMap(row.fieldIndex("text_features")))
                      .containsOnlyKeys("clip", "hpsv2"));
    }

    String[] sum = {"--reward", "0.2*aesthetic + clip-0.5*hpsv2", "--fit", "clip=crop"};
    String[] short1 = {"--rounds", "1", "--local-steps", "1", "--workers", "1", "--batch", "2"};
    List<String> train = new ArrayList<>(aesthetic);
    train.addAll(List.of(concat(clip, concat(sum, short1))));
    train.addAll(List.of(Cli.trainOptions(table, path("sum-run"))));
    Result trained = Cli.run("train", train.toArray(new String[0]));
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(Files.readString(temp.resolve("sum-run/run.json")))
        .contains("0.2*aesthetic + clip-0.5*hpsv2", "\"head.aesthetic\"", "\"reward.aesthetic\"");
    List<String> alone = new ArrayList<>(List.of("train", "--model", Cli.models().get(1)));
    alone.addAll(aesthetic);
    alone.addAll(List.of(short1));
    alone.addAll(List.of(Cli.trainOptions(table, path("aesthetic-run"))));
    Result head = Cli.run(alone);
    assertThat(head.code()).as(head.err()).isZero();
    expect(
        "add --reward 1*clip+1*hpsv2 with the factors that you want",
        Cli.run("train", concat(clip, Cli.trainOptions(table, path("no-run")))));
    expect(
        "clip is not in the sum hpsv2+aesthetic that train follows",
        Cli.run(
            "train",
            concat(
                aesthetic.toArray(new String[0]),
                concat(
                    concat(clip, "--reward", "hpsv2+aesthetic"),
                    Cli.trainOptions(table, path("no-run"))))));
  }

  /** A safetensors file in which the first number of a tensor is none. */
  private static byte[] withNaN(byte[] file, String tensor) {
    ByteBuffer bytes = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    String json = new String(file, 8, header, StandardCharsets.UTF_8);
    JsonObject entry = JsonParser.parseString(json).getAsJsonObject().getAsJsonObject(tensor);
    int begin = entry.getAsJsonArray("data_offsets").get(0).getAsInt();
    bytes.putFloat(8 + header + begin, Float.NaN);
    return bytes.array();
  }

  private static void expect(String text, Result result) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains(text).hasLineCount(1);
  }
}
