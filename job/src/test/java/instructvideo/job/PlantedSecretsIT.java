package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials are given in every way that users have, to a whole run on S3 and to commands that
 * fail; none may be in a byte of what the process prints or writes.
 */
class PlantedSecretsIT {

  private static final String BUCKET = S3Server.BUCKET;

  /** Values that would be found in no other text. */
  private static final List<String> PLANTED = List.of(S3Server.SECRET, S3Server.KEY, "planted-");

  private static final String LIST =
      """
      video,prompt
      videos/h264.mp4,a cat
      s3a://planted-uri-key:planted-uri-secret@bucket/videos/h264.mp4,a cat
      https://host/x.mp4?X-Amz-Credential=planted-id&X-Amz-Signature=planted-signature,a cat
      """;

  @TempDir private Path temp;

  @AfterEach
  void clear() {
    System.getProperties().stringPropertyNames().stream()
        .filter(key -> key.startsWith("spark.hadoop.fs.s3a."))
        .forEach(System::clearProperty);
  }

  private static void upload(String name, byte[] bytes) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(BUCKET + "/" + name);
    try (OutputStream out = Storage.fileSystem(path).create(path)) {
      out.write(bytes);
    }
  }

  @Test
  void noCredentialIsWrittenAnywhere() throws Exception {
    Path store = Files.createDirectory(temp.resolve("s3"));
    Path out = Files.createDirectory(temp.resolve("out"));
    try (S3Server server = new S3Server(store)) {
      SparkSessions.configure(server.settings(), true);
      upload("videos/h264.mp4", Files.readAllBytes(Cli.VIDEOS.resolve("h264.mp4")));
      upload("prompts.txt", "h264.mp4|||a cat walking\n".getBytes(StandardCharsets.UTF_8));
      upload("list.csv", LIST.getBytes(StandardCharsets.UTF_8));
      String printed = run(command(server, out), out);
      assertThat(printed).contains("exit codes [0, 0, 0, 0, 0, 2, 2, 2, 2, 2]");
      assertThat(printed).contains("credentials in its URI").contains("Cannot reach s3a://bucket/");
      Path bucket = store.resolve("bucket");
      Files.delete(bucket.resolve("list.csv")); // the user's own
      assertThat(bucket.resolve("scores")).isNotEmptyDirectory();
      assertThat(bucket.resolve("run/tensorboard")).isNotEmptyDirectory();
      assertThat(out.resolve("events")).isNotEmptyDirectory();
      assertThat(Stream.of(store, out).flatMap(PlantedSecretsIT::leaks)).isEmpty();
    }
  }

  private List<String> command(S3Server server, Path out) throws IOException {
    Path conf = temp.resolve("user.conf");
    Files.writeString(
        conf,
        """
        spark.hadoop.fs.s3a.access.key = "%s"
        spark.executorEnv.DB_PASSWORD = "planted-db-password"
        spark.hadoop.fs.s3a.bucket.other.session.token = "planted-session-token"
        spark.eventLog.enabled = true
        spark.eventLog.compress = false
        spark.eventLog.dir = "%s"
        spark.sql.parquet.compression.codec = uncompressed
        """
            .formatted(S3Server.KEY, Files.createDirectory(out.resolve("events")).toUri()));
    List<String> common = new ArrayList<>(List.of("--conf-file", conf.toString()));
    server
        .settings()
        .forEach(
            (key, value) -> {
              if (!key.endsWith("access.key")) {
                common.addAll(List.of("--set", "spark." + key + "=" + value));
              }
            });
    List<String> args = new ArrayList<>();
    String table = BUCKET + "/table";
    String run = BUCKET + "/run";
    String scores = BUCKET + "/scores";
    String[] size = {"--frames", "3", "--height", "32", "--width", "32", "--segments", "3"};
    add(args, Cli.args("prepare", size), common, "--prompts", BUCKET + "/prompts.txt");
    args.addAll(List.of("--videos", BUCKET + "/videos", "--out", table));
    String[] train =
        Cli.trainOptions(table, run, "--rounds", "1", "--workers", "1", "--batch", "1");
    add(args, Cli.args("train", train), common, "--tensorboard");
    args.addAll(List.of("--mlflow", "http://planted-user:planted-pass@127.0.0.1:9"));
    String page = out.resolve("scores.html").toString();
    add(args, score("--html", page), common, "--videos", BUCKET + "/list.csv");
    args.addAll(List.of("--out", scores));
    List<String> top = List.of("top", "--master", "local[2]", "--scores", scores);
    add(args, top, common, "--reward", "hpsv2", "--out", out.resolve("top.csv").toString());
    List<String> report = List.of("report", "--master", "local[2]", "--run", run);
    add(args, report, common, "--out", out.resolve("report.html").toString());
    List<String> again = score("--videos", BUCKET + "/videos", "--out", scores);
    add(args, again, common, "--set", "spark.hadoop.fs.s3a.secret.key=planted-wrong-secret");
    add(args, again, common, "--set", "spark.hadoop.fs.s3a.endpoint=http://127.0.0.1:9");
    List<String> uri = score("--out", scores);
    add(args, uri, common, "--videos", "s3a://planted-opt-key:planted-opt-secret@bucket/videos");
    add(args, again, common, "--api-token=planted-unknown-option");
    add(args, again, common, "--set", "spark.hadoop.fs.s3a.secret.key planted-after-a-blank");
    args.remove(0); // the first --next
    return args;
  }

  private static List<String> score(String... more) {
    List<String> args = Cli.args("score", more);
    args.subList(1, 3).clear(); // --model
    return args;
  }

  private static void add(
      List<String> args, List<String> command, List<String> common, String... more) {
    args.add("--next");
    args.addAll(command);
    args.addAll(common);
    args.addAll(List.of(more));
  }

  private String run(List<String> args, Path out) throws IOException, InterruptedException {
    Path log = temp.resolve("log4j2.properties");
    String quiet = Files.readString(Cli.ROOT.resolve("conf/log4j2.properties"));
    Files.writeString(
        log, quiet.replace("instructvideo.level = info", "instructvideo.level = debug"));
    List<String> command = Processes.commands(log, args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(out.toFile()).redirectOutput(out.resolve("printed").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("INSTRUCTVIDEO_TRACE", "1");
    environment.put("AWS_SESSION_TOKEN", "planted-environment-token");
    environment.put("MLFLOW_TRACKING_TOKEN", "planted-mlflow-token");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    return Files.readString(out.resolve("printed"));
  }

  /** Files with one of the values, and what stands around it. */
  private static Stream<String> leaks(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> files = tree.filter(Files::isRegularFile).toList();
      return files.stream().flatMap(PlantedSecretsIT::leaksOf);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> leaksOf(Path file) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return PLANTED.stream()
          .filter(text::contains)
          .map(
              value -> {
                int at = text.indexOf(value);
                int end = Math.min(text.length(), at + 60);
                return file.getFileName() + ": " + text.substring(Math.max(0, at - 120), end);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
