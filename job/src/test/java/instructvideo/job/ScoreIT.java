package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos to tables of scores, in one JVM. */
class ScoreIT {

  private static final String WEIGHTS = "hpsv2=" + Cli.SQUARE.resolve("reward/HPS_v2.pt");
  private static final String OTHER = "other=" + Cli.SQUARE.resolve("reward/hf");

  @TempDir private Path temp;

  private String path(String name) {
    return temp.resolve(name).toString();
  }

  private void copy(String clip, String to) throws IOException {
    Files.createDirectories(temp.resolve(to).getParent());
    Files.copy(Cli.VIDEOS.resolve(clip), temp.resolve(to));
  }

  private static Result score(String videos, String out, String... more) {
    List<String> args = new ArrayList<>(List.of("score", "--videos", videos, "--out", out));
    args.addAll(List.of("--reward", WEIGHTS, "--master", "local[2]", "--threads", "2"));
    args.addAll(Arrays.asList(more));
    return Cli.run(args);
  }

  private static Result succeed(String videos, String out, String... more) {
    Result result = score(videos, out, more);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private static List<Row> rows(String table) {
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      return spark.read().parquet(table).orderBy("video", "prompt", "reward").collectAsList();
    }
  }

  private static List<String> column(List<Row> rows, String name) {
    return rows.stream().map(row -> String.valueOf(row.<Object>getAs(name))).toList();
  }

  private static Row row(List<Row> rows, String end) {
    List<Row> found =
        rows.stream().filter(row -> row.<String>getAs("video").endsWith(end)).toList();
    assertThat(found).as(end).hasSize(1);
    return found.get(0);
  }

  private static Map<String, Timestamp> times(List<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.toMap(
                row -> row.getAs("video") + " " + row.getAs("reward"),
                row -> row.getAs("scored_at"),
                (first, second) -> first,
                TreeMap::new));
  }

  @Test
  void framesAreScoredAsByOpenClip() throws IOException {
    JsonObject expected =
        JsonParser.parseString(Files.readString(Cli.VIDEOS.resolveSibling("scores.json")))
            .getAsJsonObject();
    for (String clip : expected.getAsJsonObject("scores").keySet()) {
      copy(clip, "clips/" + clip);
    }

    String prompt = expected.get("prompt").getAsString();
    succeed(path("clips"), path("out"), "--prompt", prompt, "--reward", OTHER);
    List<Row> rows = rows(path("out"));
    assertThat(rows).hasSize(2 * expected.getAsJsonObject("scores").size());
    for (Row row : rows) {
      String name = Path.of(row.<String>getAs("video")).getFileName().toString();
      JsonArray frames = expected.getAsJsonObject("scores").getAsJsonArray(name);
      List<Double> scores = row.getList(row.fieldIndex("frame_scores"));
      assertThat(row.<Integer>getList(row.fieldIndex("frame_indices"))).containsExactly(0, 1, 2);
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        assertThat(scores.get(i)).as(name).isCloseTo(frames.get(i).getAsDouble(), within(1e-4));
        sum += scores.get(i);
      }

      assertThat(row.<Double>getAs("score")).isCloseTo(sum / 3, within(1e-12));
      assertThat(row.<Integer>getAs("frames")).isEqualTo(3);
      assertThat(row.<String>getAs("error")).isNull();
    }
  }

  @Test
  void everyFileIsARow() throws IOException {
    copy("h264.mp4", "clips/deep/er/good.mp4");
    copy("h264.mp4", "clips/wrong name \u00fc \ud83d\udc08.avi");
    copy("vp8_odd.webm", "clips/odd.webm");
    Files.writeString(temp.resolve("clips/text.mp4"), "not a video");
    Files.createFile(temp.resolve("clips/empty.mp4"));
    byte[] whole = Files.readAllBytes(Cli.VIDEOS.resolve("h264.mp4"));
    Files.write(temp.resolve("clips/cut.mp4"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(temp.resolve("clips/odd.txt"), "an odd clip\n");
    Files.writeString(temp.resolve("clips/notes.md"), "# notes");
    Result result =
        succeed(path("clips"), path("out"), "--prompt", "a cat", "--html", path("page.html"));
    assertThat(result.err()).contains("passed over in").contains("1 .md, 1 .txt");
    assertThat(result.err()).contains("videos/s").contains("score 6/6");
    assertThat(result.out())
        .contains("Scored 6 of 6 videos")
        .contains("hpsv2: 3 of 6 scored")
        .contains("not a video")
        .contains("comparable only within one prompt");
    List<Row> rows = rows(path("out"));
    assertThat(rows).hasSize(6);
    assertThat(row(rows, "odd.webm").<String>getAs("prompt")).isEqualTo("an odd clip");
    assertThat(row(rows, "good.mp4").<String>getAs("prompt")).isEqualTo("a cat");
    assertThat(row(rows, "odd.webm").<Integer>getAs("width")).isEqualTo(33);
    Row avi = row(rows, "wrong name \u00fc \ud83d\udc08.avi");
    assertThat(avi.<Double>getAs("score")).isEqualTo(row(rows, "good.mp4").<Double>getAs("score"));
    for (String broken : List.of("text.mp4", "empty.mp4", "cut.mp4")) {
      Row row = row(rows, broken);
      assertThat(row.<String>getAs("error")).as(broken).isNotBlank();
      for (String metric : List.of("score", "frame_scores", "frames", "fps", "width", "codec")) {
        assertThat(row.<Object>getAs(metric)).as(broken + " " + metric).isNull();
      }
    }

    String page = Files.readString(temp.resolve("page.html"));
    assertThat(page).contains("hpsv2").contains("not a video").doesNotContain("http://");
    JsonObject summary =
        JsonParser.parseString(Files.readString(temp.resolve("out/_scores/summary.json")))
            .getAsJsonObject();
    assertThat(summary.getAsJsonObject("seconds").keySet())
        .containsExactly("list", "read", "decode", "preprocess", "model", "write", "total");
  }

  @Test
  void onlyWhatIsNewOrChangedIsScored() throws IOException {
    copy("h264.mp4", "clips/a.mp4");
    copy("vp8_odd.webm", "clips/b.webm");
    Files.writeString(temp.resolve("clips/c.mp4"), "not a video");
    succeed(path("clips"), path("out"), "--prompt", "a cat");
    List<Row> first = rows(path("out"));
    assertThat(first).hasSize(3);

    Result again = succeed(path("clips"), path("out"), "--prompt", "a cat");
    assertThat(again.out()).contains("Scored 0 of 3 videos").contains("3 videos were in the table");
    assertThat(times(rows(path("out")))).isEqualTo(times(first));

    Files.copy(Cli.VIDEOS.resolve("h264_bt709.mp4"), temp.resolve("clips/d.mp4"));
    Files.delete(temp.resolve("clips/a.mp4"));
    copy("prores_alpha.mov", "clips/a.mp4"); // other content under an old name
    Result changed = succeed(path("clips"), path("out"), "--prompt", "a cat", "--reward", OTHER);
    assertThat(changed.out()).contains("Scored 4 of 4 videos");
    List<Row> second = rows(path("out"));
    assertThat(second).hasSize(8);
    assertThat(column(second, "codec"))
        .containsExactly("prores", "prores", "vp8", "vp8", "null", "null", "h264", "h264");
    Timestamp unchanged = times(first).get(path("clips/b.webm") + " hpsv2");
    assertThat(times(second)).containsEntry(path("clips/b.webm") + " hpsv2", unchanged);

    Result retried = succeed(path("clips"), path("out"), "--prompt", "a cat", "--retry-errors");
    assertThat(retried.out()).contains("Scored 1 of 4 videos");
    Result overwritten = succeed(path("clips"), path("out"), "--prompt", "a cat", "--overwrite");
    assertThat(overwritten.out()).contains("Scored 4 of 4 videos");
    List<Row> third = rows(path("out"));
    assertThat(third).hasSize(8);
    assertThat(times(third).get(path("clips/b.webm") + " hpsv2")).isAfter(unchanged);
    assertThat(times(third).get(path("clips/b.webm") + " other"))
        .isEqualTo(times(second).get(path("clips/b.webm") + " other"));
    assertThat(column(third, "score")).isEqualTo(column(second, "score"));

    Result settings =
        succeed(path("clips"), path("out"), "--prompt", "a cat", "--frame-choice", "first");
    assertThat(settings.out()).contains("Scored 4 of 4 videos");
    assertThat(rows(path("out"))).hasSize(12);
  }

  @Test
  void manifestsKeepTheirColumns() throws IOException {
    copy("h264.mp4", "clips/caf\u00e9 1.mp4");
    Files.writeString(temp.resolve("list.csv"), "video,prompt,other\n\"a.mp4\",a,b,c\n");
    expect("Cannot read " + path("list.csv"), score(path("list.csv"), path("out")));
    Files.writeString(
        temp.resolve("list.csv"),
        """
        video,prompt,score,topic
        clips/caf\u00e9 1.mp4,"a cat, walking",7,cats
        clips/caf\u00e9 1.mp4,"a cat, walking",8,twice
        clips/missing.mp4,a dog,9,dogs
        %s,a dog,10,absolute
        ,nothing,11,none
        clips/caf\u00e9 1.mp4,,12,without
        """
            .formatted(temp.resolve("clips/caf\u00e9 1.mp4")));
    Result result = succeed(path("list.csv"), path("out"));
    assertThat(result.err()).contains("column score is kept as manifest_score");
    assertThat(result.out()).contains("Scored 5 of 5 videos");
    List<Row> rows = rows(path("out"));
    assertThat(column(rows, "topic"))
        .containsExactlyInAnyOrder("none", "absolute", "without", "cats", "dogs");
    assertThat(column(rows, "manifest_score"))
        .containsExactlyInAnyOrder("11", "10", "12", "7", "9");
    Map<String, String> errors = new TreeMap<>();
    rows.forEach(row -> errors.put(row.getAs("topic"), String.valueOf(row.<String>getAs("error"))));
    assertThat(errors)
        .containsEntry("cats", "null")
        .containsEntry("absolute", "null")
        .containsEntry("dogs", "no such file")
        .containsEntry("without", "no prompt")
        .containsEntry("none", "no video in its row of the manifest");
    assertThat(succeed(path("list.csv"), path("out")).out()).contains("Scored 0 of 5 videos");
  }

  @Test
  void tablesMayHoldTheBytes() throws IOException {
    Files.createDirectories(temp.resolve("videos"));
    Files.copy(Cli.VIDEOS.resolve("h264.mp4"), temp.resolve("videos/a.mp4"));
    Files.copy(Cli.VIDEOS.resolve("vp9_444.webm"), temp.resolve("videos/b.webm"));
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      spark
          .read()
          .format("binaryFile")
          .load(path("videos"))
          .selectExpr("path", "content", "length AS bytes", "'a cat' AS prompt")
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(path("table"));
    }

    succeed(path("table"), path("out"));
    List<Row> rows = rows(path("out"));
    assertThat(column(rows, "codec")).containsExactly("h264", "vp9");
    assertThat(column(rows, "error")).containsOnly("null");
    assertThat(column(rows, "bytes")).containsExactly("1866", "1319");
    succeed(path("videos"), path("files"), "--prompt", "a cat");
    assertThat(column(rows(path("files")), "score")).isEqualTo(column(rows, "score"));
    assertThat(column(rows(path("files")), "content_id")).isEqualTo(column(rows, "content_id"));
    assertThat(succeed(path("table"), path("out")).out()).contains("Scored 0 of 2 videos");
  }

  @Test
  void daysAreKeptApart() throws IOException {
    copy("h264.mp4", "clips/dt=2026-11-24/a.mp4");
    copy("vp9_444.webm", "clips/dt=2026-11-25/a.webm");
    succeed(path("clips/dt=2026-11-24"), path("out"), "--prompt", "a cat");
    succeed(path("clips"), path("out"), "--prompt", "a cat");
    List<Row> rows = rows(path("out"));
    assertThat(column(rows, "dt")).containsExactly("2026-11-24", "2026-11-25");
    assertThat(temp.resolve("out/dt=2026-11-25")).isDirectory();
    copy("prores_alpha.mov", "other/a.mov");
    succeed(path("other"), path("out"), "--prompt", "a cat");
    assertThat(rows(path("out"))).hasSize(3);
  }

  @Test
  void listsGivePrompts() throws IOException {
    copy("h264.mp4", "clips [1]/0001_16055587_cat-walking.mp4");
    copy("vp9_444.webm", "clips [1]/b.webm");
    Files.writeString(
        temp.resolve("captions.txt"),
        "125601_125650/16055587.mp4|||a cat walking|||16\nsomewhere/else.mp4|||lost|||16\n");
    succeed(path("clips [1]"), path("out"), "--prompts", path("captions.txt"));
    List<Row> rows = rows(path("out"));
    assertThat(rows).hasSize(3);
    assertThat(row(rows, "cat-walking.mp4").<Double>getAs("score")).isNotNull();
    assertThat(row(rows, "b.webm").<String>getAs("error")).isEqualTo("no prompt");
    assertThat(row(rows, "else.mp4").<String>getAs("error")).contains("no such file");
    Files.writeString(temp.resolve("two.txt"), "a cat\na dog\n");
    succeed(path("clips [1]"), path("pairs"), "--prompts", path("two.txt"));
    assertThat(column(rows(path("pairs")), "prompt"))
        .containsExactly("a cat", "a dog", "a cat", "a dog");
  }

  @Test
  void badInputIsOneLine() throws IOException {
    copy("h264.mp4", "clips/a.mp4");
    Files.writeString(temp.resolve("bad.jsonl"), "{\"video\": \"a.mp4\"}\n{oops\n");
    Files.writeString(temp.resolve("no.csv"), "title,prompt\nx,y\n");
    Files.createDirectories(temp.resolve("full"));
    Files.writeString(temp.resolve("full/file"), "x");
    String out = path("never");
    expect("no such file or directory", score(path("nowhere"), out));
    expect("no such file or directory", score(path("clips/*.mkv"), out));
    expect("Cannot read " + path("bad.jsonl"), score(path("bad.jsonl"), out));
    expect("no column video", score(path("no.csv"), out));
    Files.writeString(temp.resolve("good.csv"), "video\nclips/a.mp4\n");
    expect("Invalid --prompts", score(path("good.csv"), out, "--prompts", path("no.csv")));
    expect("it is not empty and holds no table", score(path("clips"), path("full")));
    expect("score.batch must not be negative", score(path("clips"), out, "--batch", "-1"));
    expect("Invalid score.frame-choice: last", score(path("clips"), out, "--frame-choice", "last"));
    expect("Missing --out", Cli.run(List.of("score", "--videos", path("clips"))));
    expect("Missing --reward", Cli.run(List.of("score", "--videos", path("clips"), "--out", out)));
    expect("Missing --videos", Cli.run(List.of("score", "--reward", WEIGHTS, "--out", out)));
  }

  private static void expect(String text, Result result) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains(text).hasLineCount(1);
  }
}
