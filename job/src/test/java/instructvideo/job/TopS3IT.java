package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** top and prepare where table, videos and list lie on S3. */
class TopS3IT {

  private static final String BUCKET = S3Server.BUCKET;
  private static final String REMOTE = BUCKET + "/clips/with space/süß.mp4";
  private static final String LOCAL = Cli.VIDEOS.resolve("vp8_odd.webm").toString();

  @TempDir private static Path temp;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(Files.createDirectory(temp.resolve("s3")));
    SparkSessions.configure(server.settings(), true);
    org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(REMOTE);
    FileSystem files = Storage.fileSystem(remote);
    Path video = Cli.VIDEOS.resolve("h264.mp4");
    files.copyFromLocalFile(new org.apache.hadoop.fs.Path(video.toUri()), remote);
    String table = temp.resolve("scores").toString();
    new ScoreRows().scored(REMOTE, "a cat", 0.3).scored(LOCAL, "a cat", 0.2).write(table);
    org.apache.hadoop.fs.Path scores = new org.apache.hadoop.fs.Path(BUCKET + "/scores");
    files.copyFromLocalFile(new org.apache.hadoop.fs.Path("file:" + table), scores);
  }

  @AfterAll
  static void stop() throws Exception {
    server.settings().keySet().forEach(key -> System.clearProperty("spark." + key));
    server.close();
  }

  private static Result top(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("top", "--master", "local[2]"));
    args.addAll(List.of("--scores", BUCKET + "/scores", "--reward", "hpsv2", "--out", out));
    args.addAll(server.options());
    args.addAll(List.of(more));
    return Cli.run(args);
  }

  private static Result prepare(String list, String... more) {
    List<String> args = new ArrayList<>(Cli.args("prepare", "--prompts", list));
    args.addAll(List.of("--frames", "3", "--height", "32", "--width", "32", "--segments", "3"));
    args.addAll(server.options());
    args.addAll(List.of(more));
    return Cli.run(args);
  }

  private static void succeed(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err() + result.out()).doesNotContain(S3Server.SECRET);
  }

  @Test
  void remoteListNamesLocalVideosOnlyWhereThatIsAllowed() throws IOException {
    String list = BUCKET + "/lists/best.csv";
    Result top = top(list);
    succeed(top);
    assertThat(top.out()).contains("--prompts " + list + " --allow-local-videos --out TABLE");
    String out = temp.resolve("never").toString();
    Result refused = prepare(list, "--out", out);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .isEqualTo(
            "error: Invalid video in %s: %s of prompt p000001 is a file of this machine, which a list"
                    .formatted(list, LOCAL)
                + " on a remote store may not name; give the --videos that holds it, or"
                + " --allow-local-videos\n");
    assertThat(temp.resolve("never")).doesNotExist();
    Result allowed = prepare(list, "--allow-local-videos", "--out", out);
    succeed(allowed);
    assertThat(allowed.out()).contains("2 samples (2 of videos");
    assertThat(Storage.list(new org.apache.hadoop.fs.Path(BUCKET + "/lists")))
        .containsExactly("best.csv");
  }

  @Test
  void listIsParquetOnTheStoreToo() throws IOException {
    String list = BUCKET + "/lists-parquet/best";
    org.apache.hadoop.fs.Path killed = new org.apache.hadoop.fs.Path(list + "/_temporary/0/part");
    Storage.writeText(killed, "of a killed attempt");
    succeed(top(list, "--k", "1"));
    Result again = top(list);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("Cannot write to " + list + ": it is there and not empty");
    String table = temp.resolve("table").toString();
    succeed(prepare(list, "--videos", BUCKET + "/clips", "--out", table));
    try (SparkSession spark = ScoreRows.spark()) {
      List<Row> samples = spark.read().parquet(table + "/samples").collectAsList();
      assertThat(samples)
          .extracting(row -> row.<String>getAs("video"))
          .containsExactly("with space/süß.mp4");
    }
  }
}
