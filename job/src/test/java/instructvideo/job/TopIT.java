package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The best videos of a table of scores, and how prepare goes on with them. */
class TopIT {

  private static final String COMPARABLE = "HPS scores are comparable only within one prompt";
  private static final String DOG = "a dog, \"Rex\"\nruns";

  @TempDir private static Path temp;
  private static String table;

  @BeforeAll
  static void writeTable() throws IOException {
    Path videos = Files.createDirectories(temp.resolve("vidéos süß"));
    for (String name : List.of("h264.mp4", "vp8_odd.webm", "prores_alpha.mov")) {
      Files.copy(Cli.VIDEOS.resolve(name), videos.resolve(name));
    }

    StructField[] manifest = {
      DataTypes.createStructField("source", DataTypes.StringType, true),
      DataTypes.createStructField("tags", DataTypes.createArrayType(DataTypes.StringType), true),
      DataTypes.createStructField("Rank", DataTypes.IntegerType, true),
      DataTypes.createStructField("dt", DataTypes.DateType, true)
    };
    Date day = Date.valueOf("2026-01-01");
    List<String> tags = List.of("x,y", "z");
    Object[] more = {"web", tags.toArray(), 7, day};
    Object[] none = {null, null, null, day};
    ScoreRows rows =
        new ScoreRows(manifest)
            .scored(videos + "/h264.mp4", "a cat", 0.9, more) // of older weights
            .reward("hpsv2", "r2", "s1", "2026-02-01T00:00:00Z")
            .scored(videos + "/h264.mp4", "a cat", 0.25, more)
            .scored(videos + "/vp8_odd.webm", "a cat", 0.30, none)
            .scored(videos + "/vp8_odd.webm", DOG, 0.30, more)
            .scored("file:" + videos + "/prores_alpha.mov", DOG, 0.20, none)
            .scored(videos + "/gone.mp4", "a cat", 0.28, none)
            .failed(videos + "/bad.mp4", "a cat", "not a video", none)
            .frames(videos + "/h264.mp4", null, 0.15, List.of(0.15), List.of(0), none)
            .reward("aesthetic", "a", "s1", "2026-02-01T00:00:00Z")
            .scored(videos + "/h264.mp4", null, 5.5, more)
            .reward("broken", "b", "s1", "2026-02-01T00:00:00Z")
            .failed(videos + "/h264.mp4", "a cat", "no weights", none);
    table = path("scores");
    try (SparkSession spark = ScoreRows.spark()) {
      rows.in(spark).write().partitionBy("dt").parquet(table);
    }
  }

  private static String path(String name) {
    return temp.resolve(name).toString();
  }

  private static Result top(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("top", "--master", "local[2]"));
    args.addAll(List.of("--scores", table, "--reward", "hpsv2", "--out", out));
    args.addAll(List.of(more));
    return Cli.run(args);
  }

  private static Result succeed(String out, String... more) {
    Result result = top(out, more);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  @Test
  void writesTheBestFirst() throws IOException {
    String out = path("best.jsonl");
    Result result = succeed(out, "--k", "4");
    assertThat(result.out())
        .contains("Wrote 4 of 6 scored rows to " + out + ": hpsv2 from 0.2500 to 0.3000.")
        .contains(COMPARABLE)
        .contains("prepare --model MODEL --reward hpsv2=PATH --prompts " + out + " --out TABLE");
    assertThat(result.err())
        .contains("note: 2 pairs of reward_id and settings_id have scores of hpsv2")
        .contains("took the newest, r2 and s1 of 2026-02-01")
        .contains("note: the table's own columns Rank are left out");
    List<JsonObject> rows =
        Files.readAllLines(Path.of(out)).stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
    assertThat(rows.get(0).keySet())
        .containsExactly(
            "video",
            "prompt",
            "reward",
            "score",
            "score_stderr",
            "rank",
            "rank_in_prompt",
            "prompt_videos",
            "source",
            "tags",
            "dt");
    assertThat(rows).extracting(row -> row.get("rank").getAsInt()).containsExactly(1, 2, 3, 4);
    assertThat(rows)
        .extracting(row -> row.get("prompt").getAsString())
        .as("ties by video, then prompt")
        .containsExactly("a cat", DOG, "a cat", "a cat");
    assertThat(rows)
        .extracting(row -> row.get("rank_in_prompt").getAsInt())
        .containsExactly(1, 1, 2, 3);
    assertThat(rows)
        .extracting(row -> row.get("prompt_videos").getAsInt())
        .containsExactly(3, 2, 3, 3);
    assertThat(rows.get(0).get("score_stderr").getAsDouble())
        .isCloseTo(0.01 / Math.sqrt(3), within(1e-12));
    assertThat(rows.get(1).getAsJsonArray("tags").get(0).getAsString()).isEqualTo("x,y");
    assertThat(rows.get(1).get("dt").getAsString()).isEqualTo("2026-01-01");
  }

  @Test
  void limitsEachPromptAndTheScore() throws IOException {
    String out = path("per-prompt.csv");
    Result result = succeed(out, "--k", "0", "--per-prompt", "1", "--min", "0.1");
    assertThat(result.out()).contains("Wrote 3 of 6 scored rows").contains("1 rows have no prompt");
    String text = Files.readString(Path.of(out));
    assertThat(text)
        .startsWith("video,prompt,reward,score,score_stderr,rank,rank_in_prompt,prompt_videos,")
        .contains("vidéos süß/vp8_odd.webm,\"a dog, \"\"Rex\"\"\nruns\",hpsv2,0.3,")
        .contains("\"[\"\"x,y\"\",\"\"z\"\"]\"")
        .contains("h264.mp4,,hpsv2,0.15,,3,1,1,");
  }

  @Test
  void writesParquetAndDoesNotReplaceIt() throws IOException {
    String out = path("neu/bést");
    succeed(out, "--k", "0");
    try (SparkSession spark = ScoreRows.spark()) {
      Dataset<Row> list = spark.read().parquet(out);
      List<Row> rows = list.orderBy("rank").collectAsList();
      assertThat(rows)
          .extracting(row -> row.<Long>getAs("rank"))
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(rows.get(5).<Double>getAs("score")).isEqualTo(0.15);
      assertThat(list.columns()).endsWith("source", "tags", "dt").doesNotContain("frame_scores");
    }

    assertThat(names(temp.resolve("neu"))).containsExactly("bést");
    expect("Cannot write to " + out + ": it is there and not empty", top(out));
    succeed(path("neu/a.csv"), "--k", "1");
    succeed(path("neu/a.csv"), "--k", "2");
    assertThat(names(temp.resolve("neu"))).containsExactly("a.csv", "bést");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void ranksThousandsOverSeveralPartitions() {
    String large = path("large");
    ScoreRows rows = new ScoreRows();
    for (int i = 0; i < 5000; i++) {
      rows.scored("v%04d".formatted(i), "prompt " + i % 7, (i * 7919L % 5000) / 5000.0);
    }

    rows.write(large);
    succeed(path("large-top"), "--scores", large, "--k", "0");
    try (SparkSession spark = ScoreRows.spark()) {
      List<Row> found = spark.read().parquet(path("large-top")).orderBy("rank").collectAsList();
      assertThat(found)
          .extracting(row -> row.<Double>getAs("score"))
          .containsExactlyElementsOf(
              IntStream.range(0, 5000).mapToObj(i -> (4999 - i) / 5000.0).toList());
      assertThat(found)
          .extracting(row -> row.<Long>getAs("rank"))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 5000).mapToObj(Long::valueOf).toList());
    }
  }

  @Test
  void badInputIsOneLineAndLeavesNothing() throws IOException {
    String out = path("never");
    expect("Missing --scores", Cli.run(List.of("top", "--reward", "hpsv2", "--out", out)));
    expect("Cannot read " + path("nowhere"), top(out, "--scores", path("nowhere")));
    expect("Unknown reward hps: " + table, top(out, "--reward", "hps"));
    expect("holds scores of aesthetic, broken, hpsv2", top(out, "--reward", "hps"));
    expect("no row of " + table + " has a score of it", top(out, "--reward", "broken"));
    expect("top.k must not be negative, is -1", top(out, "--k", "-1"));
    expect("top.min must be a number, is high", top(out, "--min", "high"));
    expect(
        "none of its 6 scores in " + table + " is at least --min (0.5)", top(out, "--min", "0.5"));
    Path file = Files.writeString(temp.resolve("file.txt"), "no table");
    expect("it holds no Parquet", top(out, "--scores", file.toString()));
    expect("Cannot write " + file + "/best", top(file + "/best"));
    expect("Cannot write " + file + "/best.csv", top(file + "/best.csv"));
    try (SparkSession spark = ScoreRows.spark()) {
      spark.range(3).write().parquet(path("other"));
    }

    expect("column video is missing", top(out, "--scores", path("other")));
    assertThat(temp.resolve("never")).doesNotExist();
  }

  private static void expect(String text, Result result) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines().filter(line -> !line.startsWith("note: ")))
        .singleElement()
        .asString()
        .startsWith("error: ")
        .contains(text);
  }

  @Test
  void prepareGoesOnWithTheList() {
    String start = path("vidéos süß") + "/";
    Map<String, String> asTheyAre =
        Map.of(
            "a cat " + start + "vp8_odd.webm", "video",
            DOG + " " + start + "vp8_odd.webm", "video",
            "a cat " + start + "h264.mp4", "video",
            DOG + " file:" + start + "prores_alpha.mov", "video",
            "a cat " + start + "gone.mp4", "no such file");
    for (String list : List.of("list.csv", "list")) {
      succeed(path(list), "--k", "5");
      assertThat(prepare(path(list), list + "-plain"))
          .as(list)
          .containsExactlyInAnyOrderEntriesOf(asTheyAre);
    }

    succeed(path("list.jsonl"), "--k", "5");
    assertThat(prepare(path("list.jsonl"), "below", "--videos", path("vidéos süß")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "a cat vp8_odd.webm",
                "video",
                DOG + " vp8_odd.webm",
                "video",
                "a cat h264.mp4",
                "video",
                DOG + " prores_alpha.mov",
                "video",
                "a cat " + start + "gone.mp4",
                "no such file in " + path("vidéos süß")));
  }

  /** Prepares the rows with a prompt; what became of each. */
  private static Map<String, String> prepare(String list, String name, String... more) {
    List<String> args =
        new ArrayList<>(Cli.args("prepare", "--prompts", list, "--out", path(name)));
    args.addAll(List.of("--frames", "3", "--height", "32", "--width", "32", "--segments", "3"));
    args.addAll(List.of("--max-reject-fraction", "0.3"));
    args.addAll(List.of(more));
    Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
    Map<String, String> found = new HashMap<>();
    try (SparkSession spark = ScoreRows.spark()) {
      for (Row row : spark.read().parquet(path(name) + "/samples").collectAsList()) {
        found.put(row.getAs("prompt") + " " + row.getAs("video"), row.getAs("source"));
      }

      for (Row row : spark.read().parquet(path(name) + "/rejects").collectAsList()) {
        found.put(row.getAs("prompt") + " " + row.getAs("video"), row.getAs("reason"));
      }
    }

    return found;
  }
}
