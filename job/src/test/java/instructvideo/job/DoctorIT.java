package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli.Result;
import instructvideo.job.Processes.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor says where all is right, and of each thing that is not. */
class DoctorIT {

  private static final String NOWHERE = "spark.executorEnv.PYTORCH_LIBRARY_PATH=/nowhere";

  @TempDir private static Path temp;
  private static FaultyStore store;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server =
        new S3Server(
            Files.createDirectory(temp.resolve("s3")),
            whole -> {
              store = new FaultyStore(whole);
              return store;
            });
    SparkSessions.configure(server.settings(), true);
  }

  @AfterAll
  static void stop() throws Exception {
    server.settings().keySet().forEach(key -> System.clearProperty("spark." + key));
    server.close();
  }

  private static Result doctor(List<String> options, String... more) {
    List<String> args = new ArrayList<>(List.of("doctor"));
    args.addAll(options);
    args.addAll(Arrays.asList(more));
    long start = System.nanoTime();
    Result result = Cli.run(args);
    assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(60);
    assertThat(result.out() + result.err()).doesNotContain(S3Server.SECRET).doesNotContain("wrong");
    return result;
  }

  private static Result out(String uri) {
    return doctor(server.options(), "--out", uri);
  }

  @Test
  void allIsRight() {
    List<String> options = new ArrayList<>(server.options());
    options.addAll(Cli.models());
    Result result = doctor(options, "--out", S3Server.BUCKET + "/runs");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("ok    java: 17")
        .contains("Scala 2.12")
        .contains("a step and its gradient are right")
        .contains("ok    ffmpeg: a clip of 4 frames")
        .contains("ok    model: " + Cli.SQUARE)
        .contains("ok    reward hpsv2: ")
        .contains("ok    list s3a://bucket/runs: nothing there yet")
        .contains("ok    write s3a://bucket/runs: may, ")
        .contains("ok    read s3a://bucket/runs: may, ")
        .contains("ok    claim s3a://bucket/runs: two runs are kept apart")
        .contains("ok    delete s3a://bucket/runs: may, ")
        .containsPattern("ok    clock: -?[0-9] s from the store's")
        .contains("checks: all is right")
        .doesNotContain("FAIL");
    assertThat(temp.resolve("s3/bucket")).isEmptyDirectory();
  }

  @Test
  void findingsAsJson() {
    Result result = doctor(List.of(), "--json", "--model", temp.resolve("none").toString());

    assertThat(result.code()).isEqualTo(1);
    JsonObject report = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(report.get("ok").getAsBoolean()).isFalse();
    List<String> failed = new ArrayList<>();
    for (JsonElement check : report.getAsJsonArray("checks")) {
      if (check.getAsJsonObject().get("status").getAsString().equals("fail")) {
        failed.add(check.getAsJsonObject().get("what").getAsString());
        assertThat(check.getAsJsonObject().get("remedy").getAsString()).isNotEmpty();
      }
    }

    assertThat(failed).contains("model");
  }

  @Test
  void whatAStoreRefuses() {
    Result secret = doctor(server.options("wrong-secret"), "--out", S3Server.BUCKET + "/runs");
    assertThat(secret.code()).isEqualTo(1);
    assertThat(secret.out())
        .contains("FAIL  list s3a://bucket/runs: ")
        .contains("-> the secret does not belong to the access key");

    Result bucket = out("s3a://no-such-bucket/runs");
    assertThat(bucket.code()).isEqualTo(1);
    assertThat(bucket.out()).contains("-> there is no such bucket at this endpoint");

    store.readOnly(true);
    Result readOnly = out(S3Server.BUCKET + "/runs");
    store.readOnly(false);
    assertThat(readOnly.code()).isEqualTo(1);
    assertThat(readOnly.out())
        .contains("ok    list s3a://bucket/runs")
        .contains("FAIL  write s3a://bucket/runs")
        .contains("-> these credentials may not do it: it needs the right s3:PutObject");

    Result closed =
        doctor(
            server.options(),
            "--set",
            "spark.hadoop.fs.s3a.endpoint=http://127.0.0.1:9",
            "--out",
            S3Server.BUCKET + "/runs");
    SparkSessions.configure(server.settings(), true);
    assertThat(closed.out()).contains("-> the address cannot be reached from here");
  }

  @Test
  void damagedModels() throws IOException {
    Path model = temp.resolve("model");
    copy(Cli.SQUARE.resolve("pipeline"), model);
    Path weights = model.resolve("unet/diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    Path reward = Files.write(temp.resolve("HPS_v2.pt"), new byte[100]);

    Result result = doctor(List.of(), "--model", model.toString(), "--reward", "hpsv2=" + reward);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out().lines().filter(line -> line.startsWith("FAIL")))
        .anySatisfy(
            line -> assertThat(line).startsWith("FAIL  model: ").contains(weights.toString()))
        .anySatisfy(
            line -> assertThat(line).startsWith("FAIL  reward hpsv2: ").contains("HPS_v2.pt"))
        .hasSize(2);
  }

  @Test
  void executorsAndALibtorchThatIsNotThere() throws IOException, InterruptedException {
    List<String> wrong = List.of("doctor", "--threads", "1", "--json", "--conf", NOWHERE);
    Path out = temp.resolve("doctor.json");
    Ended ended = Processes.run(Processes.sparkSubmit("local-cluster[2,1,1024]", wrong), out);
    assertThat(ended.code()).as(ended.text()).isEqualTo(1);
    assertThat(Files.readString(out))
        .contains("\"where\": \"executors 0, 1\"")
        .contains("2 on 1 hosts")
        .contains("Invalid PYTORCH_LIBRARY_PATH: /nowhere");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
