package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.Processes.Ended;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two videos of a corpus end each process that scores them. */
class DeadlyVideoClusterIT {

  private static final List<String> DEADLY = List.of("01 vp8_odd.webm", "05 vp8_odd.webm");

  @TempDir private Path temp;

  /** A reward as users bring it. */
  private Path jar() throws IOException {
    String name = DeadlyReward.class.getName();
    String file = name.replace('.', '/') + ".class";
    Path jar = temp.resolve("deadly.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        var classFile = getClass().getClassLoader().getResourceAsStream(file)) {
      entries.putNextEntry(new JarEntry(file));
      entries.write(classFile.readAllBytes());
      entries.putNextEntry(new JarEntry("META-INF/services/instructvideo.reward.ImageReward"));
      entries.write(name.getBytes(StandardCharsets.UTF_8));
    }

    return jar;
  }

  private static Map<String, Row> scores(Path out) {
    Map<String, Row> rows = new TreeMap<>();
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      for (Row row : spark.read().parquet(out.toString()).collectAsList()) {
        String video = row.getAs("video");
        assertThat(rows.put(video.substring(video.lastIndexOf('/') + 1), row)).isNull();
      }
    }

    return rows;
  }

  private Ended score(Path out, String master) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("score", "--reward", "deadly"));
    args.addAll(List.of("--videos", temp.resolve("clips").toString(), "--out", out.toString()));
    args.addAll(List.of("--set", "score.chunk=8", "--threads", "1"));
    args.addAll(List.of("--conf", "spark.shuffle.io.retryWait=100ms")); // of a dead executor's part
    List<String> submit = Processes.sparkSubmit(master, List.of(jar()), args);
    return Processes.run(submit, temp.resolve("printed"));
  }

  /** They are rows with an error; all others have their scores; nobody tries them again unasked. */
  @Test
  void areRowsWithAnError() throws IOException, InterruptedException {
    Path clips = Files.createDirectory(temp.resolve("clips"));
    for (int i = 0; i < 16; i++) {
      Files.copy(Cli.VIDEOS.resolve("h264.mp4"), clips.resolve("%02d h264.mp4".formatted(i)));
    }

    for (String name : DEADLY) {
      Files.copy(Cli.VIDEOS.resolve("vp8_odd.webm"), clips.resolve(name));
    }

    Path out = temp.resolve("scores");
    Ended ended = score(out, "local-cluster[1,1,1024]");
    assertThat(ended.code()).as(ended.text()).isZero();
    Map<String, Row> rows = scores(out);
    assertThat(rows).hasSize(18);
    for (String name : DEADLY) {
      Row deadly = rows.remove(name);
      assertThat(deadly.<String>getAs("error")).contains("process that decoded it ended, twice");
      assertThat(deadly.<Object>getAs("score")).isNull();
    }

    assertThat(rows.values()).allMatch(row -> row.getAs("error") == null);
    assertThat(out.resolve("_scores")).isDirectoryNotContaining("glob:**/plan-*");

    Ended again = score(out, "local[1]");
    assertThat(again.code()).as(again.text()).isZero();
    assertThat(again.text()).doesNotContain("Lost executor");
    assertThat(temp.resolve("printed")).content().contains("18 videos were in the table");
  }
}
