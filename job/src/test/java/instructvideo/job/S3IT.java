package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way through s3a:// URIs: models, prompts, videos, table, run and export. */
class S3IT {

  private static final String BUCKET = S3Server.BUCKET;

  @TempDir private static Path temp;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(Files.createDirectory(temp.resolve("s3")));
    SparkSessions.configure(server.settings(), true);
  }

  @AfterAll
  static void stop() throws Exception {
    server.settings().keySet().forEach(key -> System.clearProperty("spark." + key));
    server.close();
  }

  private static void upload(Path local, String name) throws IOException {
    org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(BUCKET + "/" + name);
    FileSystem files = Storage.fileSystem(remote);
    files.mkdirs(remote.getParent());
    files.copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), remote);
  }

  private static List<String> args(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--master", "local[2]"));
    args.addAll(List.of("--model", BUCKET + "/models/pipeline"));
    args.addAll(List.of("--reward", "hpsv2=" + BUCKET + "/models/reward/HPS_v2.pt"));
    args.addAll(List.of("--set", "reward.config=" + BUCKET + "/models/reward/config.json"));
    args.addAll(server.options());
    args.addAll(List.of(more));
    return args;
  }

  private static Result succeed(List<String> args) {
    Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err() + result.out()).doesNotContain(S3Server.SECRET);
    return result;
  }

  @Test
  void preparesTrainsAndExports() throws IOException {
    Path prompts = temp.resolve("prompts.txt");
    Files.writeString(prompts, "some/h264.mp4|||a cat walking|||3\nsome/vp8_odd.webm|||a dog\n");
    upload(prompts, "prompts.txt");
    upload(Cli.SQUARE.resolve("pipeline"), "models/pipeline");
    upload(Cli.SQUARE.resolve("reward"), "models/reward");
    upload(Cli.VIDEOS.resolve("h264.mp4"), "videos/with space/h264.mp4");
    upload(Cli.VIDEOS.resolve("vp8_odd.webm"), "videos/vp8_odd.webm");
    String table = BUCKET + "/table";
    String[] prepare = {
      "--prompts",
      BUCKET + "/prompts.txt",
      "--videos",
      BUCKET + "/videos",
      "--out",
      table,
      "--frames",
      "3",
      "--height",
      "32",
      "--width",
      "32",
      "--segments",
      "3"
    };
    assertThat(succeed(args("prepare", prepare)).out()).contains("2 samples (2 of videos");
    assertCommitter(table + "/samples/chunk=00000/_SUCCESS");
    String run = BUCKET + "/runs/first";
    String[] train =
        Cli.trainOptions(
            table, run, "--rounds", "2", "--batch", "1", "--keep", "1", "--tensorboard");
    succeed(args("train", train));
    assertThat(Storage.list(new org.apache.hadoop.fs.Path(run + "/tensorboard"))).hasSize(4);
    assertCommitter(run + "/metrics/round=00002/_SUCCESS");
    assertThat(succeed(args("train", train)).out()).contains("is complete: 2 rounds");
    export(run, temp.resolve("peft").toString());
    assertThat(temp.resolve("peft/adapter_config.json")).isNotEmptyFile();
    export(run, BUCKET + "/peft");
    assertThat(Storage.list(new org.apache.hadoop.fs.Path(BUCKET + "/peft")))
        .containsExactly("adapter_config.json", "adapter_model.safetensors");
    assertThat(remains("__magic")).isEmpty();
  }

  private static void export(String run, String out) {
    List<String> export = new ArrayList<>(List.of("export", "--run", run, "--format", "peft"));
    export.addAll(List.of("--out", out));
    export.addAll(server.options());
    succeed(export);
  }

  private static List<String> remains(String name) throws IOException {
    try (Stream<Path> all = Files.walk(temp.resolve("s3"))) {
      return all.map(Path::toString).filter(path -> path.contains(name)).toList();
    }
  }

  /** The rename committer leaves an empty file. */
  private static void assertCommitter(String success) {
    String text = Storage.readText(success);
    assertThat(text).as("written by the rename committer").isNotEmpty();
    String committer =
        JsonParser.parseString(text).getAsJsonObject().get("committer").getAsString();
    assertThat(committer).isEqualTo("magic");
  }

  @Test
  void writesAndReadsInSeveralParts() throws IOException {
    byte[] bytes = new byte[12 << 20]; // three parts
    new Random(1).nextBytes(bytes);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(BUCKET + "/large.bin");
    try (FSDataOutputStream out = Storage.fileSystem(path).create(path)) {
      out.write(bytes);
    }

    assertThat(Storage.readBytes(path.toString())).isEqualTo(bytes);
    assertThat(Storage.list(new org.apache.hadoop.fs.Path(BUCKET + "/"))).contains("large.bin");
  }

  @Test
  void refusesWhatItCannotReach() {
    List<String> wrong = new ArrayList<>(List.of("train", "--data", BUCKET + "/table"));
    wrong.addAll(List.of("--out", BUCKET + "/x"));
    wrong.addAll(server.options("another-secret"));
    expect("Cannot reach s3a://bucket/", wrong);
    SparkSessions.configure(server.settings(), true);
    List<String> nowhere = new ArrayList<>(List.of("train", "--data", "s3a://none/table"));
    nowhere.addAll(server.options());
    expect("Cannot reach s3a://none/", nowhere);
    List<String> closed = new ArrayList<>(List.of("train", "--data", BUCKET + "/table"));
    closed.addAll(server.options());
    closed.addAll(List.of("--set", "spark.hadoop.fs.s3a.endpoint=http://127.0.0.1:9"));
    expect("Cannot reach s3a://bucket/", closed);
    SparkSessions.configure(server.settings(), true);
  }

  private static void expect(String text, List<String> args) {
    long start = System.nanoTime();
    Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains(text).hasLineCount(1);
    assertThat(result.err()).doesNotContain(S3Server.SECRET).doesNotContain("another-secret");
    assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(30);
  }
}
