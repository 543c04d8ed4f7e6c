package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.job.claim.ClaimLostException;
import instructvideo.job.claim.ConditionalWrites;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.ClaimConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conditional writes and claims through a real S3 API. */
class ClaimS3IT {

  @TempDir private static java.nio.file.Path temp;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(Files.createDirectory(temp.resolve("s3")), ConditionFaults::new);
    SparkSessions.configure(server.settings(), true);
  }

  @AfterAll
  static void stop() throws Exception {
    server.settings().keySet().forEach(key -> System.clearProperty("spark." + key));
    server.close();
  }

  @Test
  void oneOfManyWritersWins() throws Exception {
    Path path = new Path(S3Server.BUCKET + "/race/one");
    FileSystem files = Storage.fileSystem(path);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      byte[] content = ("writer " + i).getBytes(StandardCharsets.UTF_8);
      writers.add(() -> ConditionalWrites.create(files, path, content));
    }

    List<Integer> winners = new ArrayList<>();
    List<Future<Boolean>> results = threads.invokeAll(writers);
    threads.shutdown();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).get()) {
        winners.add(i);
      }
    }

    assertThat(winners).hasSize(1);
    assertThat(Storage.readText(path.toString())).isEqualTo("writer " + winners.get(0));
    assertThat(ConditionalWrites.probe(files, new Path(path.getParent(), "probe")))
        .isEqualTo(ConditionalWrites.Support.ATOMIC);
  }

  @Test
  void storesWithoutConditionsAreFound() throws Exception {
    assertThat(support(ConditionFaults.IGNORING)).isEqualTo(ConditionalWrites.Support.IGNORED);
    assertThat(support(ConditionFaults.UNKNOWING)).isEqualTo(ConditionalWrites.Support.IGNORED);
    assertThat(support(ConditionFaults.BUSY)).isEqualTo(ConditionalWrites.Support.ATOMIC);
    assertThatThrownBy(() -> support(ConditionFaults.FORBIDDEN))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot write s3a://bucket/forbidden/probe: ")
        .hasMessageContaining("403");
  }

  private static ConditionalWrites.Support support(String folder) throws IOException {
    Path path = new Path(S3Server.BUCKET + "/" + folder + "/probe");
    return ConditionalWrites.probe(Storage.fileSystem(path), path);
  }

  @Test
  void theSecondRunStops() throws Exception {
    String out = S3Server.BUCKET + "/out";
    ClaimConfig config = new ClaimConfig(0.2, 20);
    int code =
        OutputClaim.hold(
            out,
            "train",
            config,
            first -> {
              assertThatThrownBy(() -> OutputClaim.hold(out, "score", config, second -> 0))
                  .isInstanceOf(ClaimLostException.class)
                  .hasMessageContaining("another run works on it (train on ");
              first.check();
              return 7;
            });
    assertThat(code).isEqualTo(7);
    assertThat(Storage.list(new Path(out))).isEmpty();
  }
}
