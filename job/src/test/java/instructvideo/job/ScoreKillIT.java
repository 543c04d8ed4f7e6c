package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips on S3, scored by processes that are killed: the table ends as that of one that was not. */
class ScoreKillIT {

  private static final int CLIPS = 60;
  private static final List<String> KINDS =
      List.of("h264.mp4", "vp9_444.webm", "vp8_odd.webm", "prores_alpha.mov", "h264_10bit.mp4");

  @TempDir private Path temp;
  private S3Server server;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server(Files.createDirectory(temp.resolve("s3")));
    SparkSessions.configure(server.settings(), true);
    for (int i = 0; i < CLIPS; i++) {
      String kind = KINDS.get(i % KINDS.size());
      upload(Cli.VIDEOS.resolve(kind), "%03d caf\u00e9 %s".formatted(i, kind));
    }

    upload(Files.writeString(temp.resolve("text"), "not a video"), "broken.mp4");
  }

  private static void upload(Path file, String name) throws IOException {
    org.apache.hadoop.fs.Path target =
        new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/clips/" + name);
    Storage.fileSystem(target)
        .copyFromLocalFile(new org.apache.hadoop.fs.Path(file.toUri()), target);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private List<String> args(String out) {
    List<String> args = new ArrayList<>(List.of("score", "--videos", S3Server.BUCKET + "/clips"));
    args.addAll(List.of("--prompt", "a cat", "--out", S3Server.BUCKET + "/" + out));
    args.addAll(List.of("--reward", "hpsv2=" + Cli.SQUARE.resolve("reward/HPS_v2.pt")));
    args.addAll(List.of("--set", "score.chunk=4", "--master", "local[2]", "--threads", "2"));
    args.addAll(server.options());
    return args;
  }

  /** Files with rows that readers see. */
  private long parts(String out) throws IOException {
    Path folder = temp.resolve("s3/bucket/" + out);
    if (!Files.exists(folder)) {
      return 0;
    }

    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("part-0")).count();
    }
  }

  /** SIGKILL as soon as some more files are there. */
  private void runAndKill(String out, int more) throws IOException, InterruptedException {
    long before = parts(out);
    ProcessBuilder builder = new ProcessBuilder(Processes.instructvideo(args(out)));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Path log = temp.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (parts(out) < before + more) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(Files.readString(log)).isFalse();
    }

    process.destroyForcibly().waitFor();
  }

  private static Map<String, String> scores(String out) {
    Map<String, String> scores = new TreeMap<>();
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      for (Row row : spark.read().parquet(S3Server.BUCKET + "/" + out).collectAsList()) {
        String value = row.getAs("score") + " " + row.getAs("frame_scores") + row.getAs("error");
        String former = scores.put(row.getAs("video"), value + " " + row.getAs("content_id"));
        assertThat(former).as("a second row of " + row.getAs("video")).isNull();
      }
    }

    return scores;
  }

  @Test
  void killedTwiceIsUndisturbed() throws IOException, InterruptedException {
    runAndKill("killed", 3);
    int first = scores("killed").size();
    assertThat(first).isBetween(8, CLIPS);
    runAndKill("killed", 3);
    int second = scores("killed").size();
    assertThat(second).isBetween(first + 1, CLIPS);
    Result last = Cli.run(args("killed"));
    assertThat(last.code()).as(last.err()).isZero();
    assertThat(last.out()).contains("%d videos were in the table".formatted(second));
    Result whole = Cli.run(args("whole"));
    assertThat(whole.code()).as(whole.err()).isZero();
    Map<String, String> scores = scores("killed");
    assertThat(scores).hasSize(CLIPS + 1).isEqualTo(scores("whole"));
    assertThat(scores.get(S3Server.BUCKET + "/clips/broken.mp4")).contains("not a video");
    assertThat(scores.values()).allMatch(value -> value.contains("etag:"));
    assertThat(Storage.list(new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/killed/_scores")))
        .containsExactlyInAnyOrder("summary.json", "table.json");
  }
}
