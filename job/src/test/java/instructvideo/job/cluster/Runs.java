package instructvideo.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli;
import instructvideo.job.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A cluster, what its bucket holds, and what undisturbed runs on it have made. */
final class Runs implements AutoCloseable {

  /** Rounds of a training run. */
  static final int ROUNDS = 3;

  /** The undisturbed training run. */
  static final String WHOLE = "undisturbed";

  private static final List<String> FILES =
      List.of("adapter.safetensors", "moments.safetensors", "state.json");
  private static final List<String> KINDS =
      List.of("h264.mp4", "vp9_444.webm", "vp8_odd.webm", "prores_alpha.mov", "h264_10bit.mp4");
  private static final int CLIPS = 30;
  private static final String BUCKET = S3Server.BUCKET + "/";

  private final Path folder;
  private final Cluster cluster;
  private final SparkSession spark;
  private final Map<String, byte[]> checkpoint;
  private final List<String> metrics;
  private final Map<String, String> scores;
  private final JsonObject summary;

  /**
   * Starts the cluster, fills the bucket, and runs everything once.
   *
   * @param folder for all files of the cluster, which is removed at the end
   */
  Runs(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    cluster = new Cluster(folder);
    SparkSession.Builder builder = SparkSession.builder().master("local[1]");
    builder.config("spark.ui.enabled", "false");
    cluster.s3().directSettings().forEach((key, value) -> builder.config("spark." + key, value));
    spark = builder.getOrCreate();
    fillBucket();
    Output prepare = cluster.driver(Map.of(), prepareArgs());
    assertThat(prepare.end()).as(prepare.text()).isZero();
    Output train = train(WHOLE, Map.of(), "--keep", "0");
    assertThat(train.end()).as(train.text()).isZero();
    Output score = score("undisturbed-scores", Map.of());
    assertThat(score.end()).as(score.text()).isZero();
    checkpoint = checkpoint(WHOLE, ROUNDS);
    metrics = metrics(WHOLE);
    scores = scores("undisturbed-scores");
    summary = summary("undisturbed-scores");
    assertThat(metrics).hasSize(ROUNDS);
    assertThat(scores).hasSize(CLIPS + 1);
  }

  private void fillBucket() throws IOException {
    upload(Cli.SQUARE.resolve("pipeline"), "models/pipeline");
    upload(Cli.SQUARE.resolve("reward"), "models/reward");
    write(
        "prompts.txt", "a cat walking\na dog\nan eagle\na fish\n".getBytes(StandardCharsets.UTF_8));
    write("clips/broken.mp4", "not a video".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < CLIPS; i++) {
      String kind = KINDS.get(i % KINDS.size());
      upload(Cli.VIDEOS.resolve(kind), "clips/%03d %s".formatted(i, kind));
    }
  }

  private void upload(Path local, String name) throws IOException {
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(BUCKET + name);
    cluster.s3().files().mkdirs(target.getParent());
    cluster.s3().files().copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), target);
  }

  Cluster cluster() {
    return cluster;
  }

  /** Writes an object. */
  void write(String name, byte[] bytes) throws IOException {
    try (OutputStream out =
        cluster.s3().files().create(new org.apache.hadoop.fs.Path(BUCKET + name), true)) {
      out.write(bytes);
    }
  }

  /** Reads an object. */
  byte[] read(String name) throws IOException {
    try (InputStream in = cluster.s3().files().open(new org.apache.hadoop.fs.Path(BUCKET + name))) {
      return in.readAllBytes();
    }
  }

  /** Whether there is an object. */
  boolean exists(String name) throws IOException {
    return cluster.s3().files().exists(new org.apache.hadoop.fs.Path(BUCKET + name));
  }

  /** Copies a folder of the bucket. */
  void copy(String from, String to) throws IOException {
    var files = cluster.s3().files();
    FileUtil.copy(
        files,
        new org.apache.hadoop.fs.Path(BUCKET + from),
        files,
        new org.apache.hadoop.fs.Path(BUCKET + to),
        false,
        files.getConf());
  }

  private static List<String> prepareArgs() {
    List<String> args = args("prepare", "table");
    args.addAll(List.of("--prompts", BUCKET + "prompts.txt", "--frames", "2", "--height", "32"));
    args.addAll(List.of("--width", "32", "--segments", "2", "--ddim-steps", "2"));
    return args;
  }

  private static List<String> args(String command, String out) {
    List<String> args = new ArrayList<>(List.of(command, "--threads", "1", "--out", BUCKET + out));
    args.addAll(List.of("--reward", "hpsv2=" + BUCKET + "models/reward/HPS_v2.pt"));
    args.addAll(List.of("--set", "reward.config=" + BUCKET + "models/reward/config.json"));
    if (!command.equals("score")) {
      args.addAll(List.of("--model", BUCKET + "models/pipeline"));
    }

    return args;
  }

  /** Starts a training run. */
  Output train(String out, Map<String, String> settings, String... more) throws IOException {
    List<String> args = args("train", out);
    args.addAll(List.of("--data", BUCKET + "table", "--segments", "2", "--ddim-steps", "4"));
    args.addAll(List.of("--rounds", "" + ROUNDS, "--local-steps", "4", "--batch", "1"));
    args.addAll(List.of("--lr", "1e-3"));
    args.addAll(Arrays.asList(more));
    return cluster.driver(settings, args);
  }

  /** Starts scoring. */
  Output score(String out, Map<String, String> settings) throws IOException {
    List<String> args = args("score", out);
    args.addAll(List.of("--videos", BUCKET + "clips", "--prompt", "a cat walking"));
    args.addAll(List.of("--set", "score.chunk=3"));
    return cluster.driver(settings, args);
  }

  /** Waits for the end of a command, which must be a good one. */
  static void assertSucceeds(Output command) throws InterruptedException {
    assertThat(command.end()).as(command.text()).isZero();
  }

  /** Tells on the console how long something took, for docs/operations.md. */
  static void tell(String what, long start) {
    System.out.printf(Locale.ROOT, "%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
  }

  /** Checks that a training run has come to what the undisturbed one came to, bit by bit. */
  void assertTrained(String out) throws IOException {
    Map<String, byte[]> found = checkpoint(out, ROUNDS);
    checkpoint.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
    assertThat(metrics(out)).isEqualTo(metrics);
  }

  /** Checks that a table has the undisturbed one's rows, each once, bit by bit. */
  void assertScored(String out) throws IOException {
    assertThat(scores(out)).isEqualTo(scores);
    assertThat(summary(out)).isEqualTo(summary);
  }

  /** What a run of score has counted, without its seconds. */
  private JsonObject summary(String out) throws IOException {
    String text = new String(read(out + "/_scores/summary.json"), StandardCharsets.UTF_8);
    JsonObject read = JsonParser.parseString(text).getAsJsonObject();
    read.remove("seconds");
    return read;
  }

  private Map<String, byte[]> checkpoint(String out, int round) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    String directory = "%s/checkpoints/round-%05d/".formatted(out, round);
    assertThat(exists(directory + "manifest.json")).as(directory).isTrue();
    for (String name : FILES) {
      files.put(name, read(directory + name));
    }

    return files;
  }

  /** Rows of the rounds but for their seconds. */
  private List<String> metrics(String out) {
    var table = spark.read().parquet(BUCKET + out + "/metrics");
    var columns =
        Stream.of(table.columns())
            .filter(name -> !name.startsWith("seconds"))
            .toArray(String[]::new);
    return table.selectExpr(columns).orderBy("round").collectAsList().stream()
        .map(Row::mkString)
        .toList();
  }

  private Map<String, String> scores(String out) {
    Map<String, String> scores = new TreeMap<>();
    for (Row row : spark.read().parquet(BUCKET + out).drop("scored_at").collectAsList()) {
      String former = scores.put(row.getAs("video"), row.mkString(" "));
      assertThat(former).as("a second row of " + row.getAs("video")).isNull();
    }

    return scores;
  }

  @Override
  public void close() throws IOException {
    spark.close();
    cluster.close();
    FileUtils.deleteQuietly(folder.toFile());
  }
}
