package instructvideo.job;

import static instructvideo.job.ScoredFixtures.BITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rewards from SQL, against the table that score writes. */
class VideoFunctionsIT {

  private static final String PREFIX = "spark.instructvideo.";

  @TempDir private static Path temp;
  private static SparkSession spark;
  private static Map<String, Row> expected;

  @BeforeAll
  static void score() {
    ScoredFixtures.score(temp.resolve("scores"));
    spark = ScoredFixtures.session();
    expected = ScoredFixtures.rows(spark, temp.resolve("scores"), "hpsv2");
    List<Row> clips =
        expected.values().stream()
            .map(row -> RowFactory.create(row.getAs("video"), row.getAs("prompt")))
            .toList();
    spark
        .createDataFrame(
            clips,
            new StructType().add("video", DataTypes.StringType).add("prompt", DataTypes.StringType))
        .write()
        .parquet(temp.resolve("clips").toString());
    spark.read().parquet(temp.resolve("clips").toString()).createOrReplaceTempView("clips");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void configure() {
    set("reward.checkpoints.hpsv2", ScoredFixtures.WEIGHTS);
    set("reward.checkpoints.other", ScoredFixtures.OTHER);
    set("reward.sums.mix", "0.7*hpsv2+0.3*other");
    set("reward.config", ScoredFixtures.CONFIG);
    set("threads", "2");
  }

  @Test
  void pathsGiveTheTablesScores() {
    List<Row> rows = sql("SELECT video, video_reward('hpsv2', video, prompt) r FROM clips");
    assertThat(rows).hasSameSizeAs(expected.values());
    for (Row row : rows) {
      Row known = expected.get(ScoredFixtures.name(row.getString(0)));
      double score = known.getAs("score");
      assertThat(row.<Double>getAs("r")).as(row.getString(0)).isCloseTo(score, BITS);
    }
  }

  @Test
  void bytesGiveTheTablesScores() {
    spark
        .read()
        .format("binaryFile")
        .load(Cli.VIDEOS + "/*.{mp4,webm,avi,mov}")
        .createOrReplaceTempView("files");
    List<Row> rows =
        sql(
            "SELECT path, video_reward('hpsv2', content, '"
                + ScoredFixtures.PROMPT
                + "') FROM files");
    assertThat(rows).hasSameSizeAs(expected.values());
    for (Row row : rows) {
      Row known = expected.get(ScoredFixtures.name(row.getString(0)));
      double score = known.getAs("score");
      assertThat(row.getDouble(1)).as(row.getString(0)).isCloseTo(score, BITS);
    }
  }

  @Test
  void theStructIsTheTablesRow() {
    String query =
        "SELECT video, s.* FROM"
            + " (SELECT video, video_score('hpsv2', video, prompt) s FROM clips)";
    for (Row row : sql(query)) {
      Row known = expected.get(ScoredFixtures.name(row.getAs("video")));
      List<Double> frames = row.getList(row.fieldIndex("frame_scores"));
      assertThat(frames).hasSize(3).doesNotHaveDuplicates();
      double mean = frames.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      assertThat(row.<Double>getAs("score")).isCloseTo(mean, BITS);
      for (String column : row.schema().fieldNames()) {
        if (!column.contains("score")) {
          assertThat(row.<Object>getAs(column)).as(column).isEqualTo(known.getAs(column));
        }
      }
    }
  }

  @Test
  void sumsByNameAndAsWritten() {
    Map<String, Row> mixed = ScoredFixtures.rows(spark, temp.resolve("scores"), "mix");
    String query =
        "SELECT video, video_reward('mix', video, prompt),"
            + " video_reward('0.7*hpsv2 + 0.3*other', video, prompt) FROM clips LIMIT 2";
    for (Row row : sql(query)) {
      double known = mixed.get(ScoredFixtures.name(row.getString(0))).getAs("score");
      assertThat(row.getDouble(1)).isCloseTo(known, BITS);
      assertThat(row.getDouble(2)).isCloseTo(known, BITS);
    }
  }

  @Test
  void whatCannotBeScoredIsNull() throws IOException {
    Path truncated = temp.resolve("truncated.mp4");
    byte[] whole = Files.readAllBytes(Cli.VIDEOS.resolve("h264.mp4"));
    Files.write(truncated, Arrays.copyOf(whole, 100));
    String video = Cli.VIDEOS.resolve("h264.mp4").toString();
    assertNull("'/nowhere.mp4'", "'a cat'", "no such file");
    assertNull("'" + truncated + "'", "'a cat'", null);
    assertNull("CAST(NULL AS STRING)", "'a cat'", "no video in its row");
    assertNull("NULL", "'a cat'", "no video in its row");
    assertNull("X'00'", "'a cat'", null);
    assertNull("'" + video + "'", "NULL", "no prompt");
    assertNull("'" + video + "'", "' '", "no prompt");
  }

  private static void assertNull(String video, String prompt, String reason) {
    String arguments = "('hpsv2', %s, %s)".formatted(video, prompt);
    Row row = sql("SELECT video_reward" + arguments + ", video_score" + arguments).get(0);
    assertThat(row.isNullAt(0)).isTrue();
    Row details = row.getStruct(1);
    assertThat(details.isNullAt(0)).isTrue();
    String error = details.getAs("error");
    assertThat(error).isNotBlank();
    if (reason != null) {
      assertThat(error).isEqualTo(reason);
    }
  }

  @Test
  void aConditionOnAColumnDoesNotScoreTwice() {
    String query =
        "SELECT * FROM (SELECT video, video_reward('hpsv2', video, prompt) r FROM clips)"
            + " WHERE r IS NOT NULL ORDER BY r DESC";
    Dataset<Row> ranked = spark.sql(query);
    String plan = ranked.queryExecution().optimizedPlan().toString();
    assertThat(plan.split("video_reward\\(", -1)).hasSize(2);
    List<Double> scores = ranked.collectAsList().stream().map(row -> row.getDouble(1)).toList();
    assertThat(scores)
        .hasSameSizeAs(expected.values())
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
  }

  @Test
  void inlineTables() {
    String video = Cli.VIDEOS.resolve("h264.mp4").toString();
    String query =
        "SELECT video_reward('hpsv2', v, '%s') FROM VALUES ('%s') t(v)"
            .formatted(ScoredFixtures.PROMPT, video);
    double known = expected.get("h264.mp4").getAs("score");
    assertThat(sql(query).get(0).getDouble(0)).isCloseTo(known, BITS);
  }

  @Test
  void conditionsAndViews() {
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW scored AS"
            + " SELECT video, video_reward('hpsv2', video, prompt) r FROM clips"
            + " WHERE video_reward('hpsv2', video, prompt) IS NOT NULL");
    assertThat(sql("SELECT r FROM scored")).hasSameSizeAs(expected.values());
  }

  @Test
  void settingsOfTheSession() {
    String query = "SELECT video_score('hpsv2', video, prompt).frame_indices FROM clips LIMIT 1";
    set("score.frame-choice", "every");
    set("score.every", "2");
    assertThat(sql(query).get(0).getList(0)).isEqualTo(List.of(0, 2));
    unset("score.frame-choice");
    unset("score.every");
    set("reward.segments", "1");
    assertThat(sql(query).get(0).getList(0)).isEqualTo(List.of(1));
    unset("reward.segments");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'hpsv2'| Invalid number of arguments of video_reward: 1; usage: video_reward(reward, video[, prompt])",
        "'hpsv2', video, prompt, 1| Invalid number of arguments of video_reward: 4; usage: video_reward(reward, video[, prompt])",
        "'hpsv2', 1, prompt| Invalid video of video_reward: type INT; must be string (path or URI) or binary;",
        "'hpsv2', video, 1| Invalid prompt of video_reward: type INT; must be string;",
        "'hpsv2', video| Invalid arguments of video_reward: the reward hpsv2 scores a video for a prompt;",
        "video, video, prompt| must be the name of a reward in quotes; usage: video_reward(reward, video[, prompt])",
        "'hps', video, prompt| Unknown reward: hps; this session has brightness, hpsv2, other; SET spark.instructvideo.reward.checkpoints.NAME=PATH adds one",
        "'2*hps', video, prompt| Invalid sum of rewards 2*hps: \"hps\" is none of the given rewards (brightness, hpsv2, other)",
      })
  void wrongArguments(String arguments, String message) {
    String query = "SELECT video_reward(%s) FROM clips".formatted(arguments);
    assertThatThrownBy(() -> spark.sql(query))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(message)
        .hasNoCause(); // with one, spark-sql prints a stack trace
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "score.batches| 2| Unknown key spark.instructvideo.score.batches; the keys are precision, reward.config,",
        "score.batch| many| Invalid spark.instructvideo.score.batch: many; must be a whole number",
        "score.batch| -1| Invalid spark.instructvideo.score.batch: -1; must be at least 0",
        "score.decode-timeout| 0| Invalid spark.instructvideo.score.decode-timeout: 0; must be above 0 seconds",
        "score.frame-choice| last| Invalid spark.instructvideo.score.frame-choice: last; must be one of middle, first, random, every, all",
        "precision| float64| Invalid spark.instructvideo.precision: float64; must be one of [float32, float16, bfloat16]",
        "reward.fit.hpsv2| stretch| Invalid setting: reward.fit of hpsv2 must be pad or crop, is stretch",
        "reward.heads.none| /head.pth| Invalid setting: reward.heads names none, which is none of the given rewards (hpsv2, other)",
        "reward.checkpoints.hpsv2| /nowhere.pt| Invalid reward hpsv2: /nowhere.pt; there is no such file or directory",
        "reward.checkpoints.hpsv2| nofs://host/a.pt| Invalid reward hpsv2: nofs://host/a.pt; it cannot be read: No FileSystem for scheme",
      })
  void wrongSettings(String key, String value, String message) {
    set(key, value);
    try {
      assertThatThrownBy(() -> spark.sql("SELECT video_reward('hpsv2', video, prompt) FROM clips"))
          .isInstanceOf(AnalysisException.class)
          .hasMessageContaining(message);
    } finally {
      unset(key);
    }
  }

  @Test
  void describedInSql() {
    List<Row> lines = sql("DESCRIBE FUNCTION EXTENDED video_score");
    assertThat(lines.toString())
        .contains("video_score(reward, video[, prompt])")
        .contains("SET spark.instructvideo.reward.checkpoints.hpsv2=");
  }

  private static List<Row> sql(String query) {
    return spark.sql(query).collectAsList();
  }

  private static void set(String key, String value) {
    spark.conf().set(PREFIX + key, value);
  }

  private static void unset(String key) {
    spark.conf().unset(PREFIX + key);
  }
}
