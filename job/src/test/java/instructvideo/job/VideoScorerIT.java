package instructvideo.job;

import static instructvideo.job.ScoredFixtures.BITS;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.spark.VideoScorer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformer of Spark ML, against the table that score writes. */
class VideoScorerIT {

  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("video", DataTypes.StringType)
          .add("prompt", DataTypes.StringType);

  @TempDir private static Path temp;
  private static SparkSession spark;
  private static Map<String, Row> expected;
  private static Dataset<Row> clips;

  @BeforeAll
  static void score() {
    ScoredFixtures.score(temp.resolve("scores"));
    spark = ScoredFixtures.session();
    expected = ScoredFixtures.rows(spark, temp.resolve("scores"), "hpsv2");
    List<Row> rows = new ArrayList<>();
    rows.add(RowFactory.create(0, "/nowhere.mp4", ScoredFixtures.PROMPT));
    for (Row row : expected.values()) {
      rows.add(RowFactory.create(rows.size(), row.getAs("video"), row.getAs("prompt")));
    }

    rows.add(RowFactory.create(rows.size(), null, ScoredFixtures.PROMPT));
    rows.add(RowFactory.create(rows.size(), rows.get(1).getString(1), null));
    clips = spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static VideoScorer scorer() {
    return new VideoScorer()
        .setReward("hpsv2=" + ScoredFixtures.WEIGHTS)
        .setRewardConfig(ScoredFixtures.CONFIG)
        .setThreads(2);
  }

  @Test
  void addsTheTablesScoresAndKeepsTheRows() {
    List<Row> input = clips.collectAsList();
    List<Row> output = scorer().setDetailsCol("details").transform(clips).collectAsList();
    assertThat(output).hasSameSizeAs(input);
    for (int i = 0; i < output.size(); i++) {
      Row row = output.get(i);
      assertThat(row.getInt(0)).isEqualTo(input.get(i).getInt(0));
      assertThat(row.<String>getAs("video")).isEqualTo(input.get(i).getAs("video"));
      assertThat(row.<String>getAs("prompt")).isEqualTo(input.get(i).getAs("prompt"));
      if (0 < i && i <= expected.size()) {
        Row known = expected.get(ScoredFixtures.name(row.getAs("video")));
        assertClose(row, "score", known);
        assertThat(row.<String>getAs("error")).isNull();
        assertThat(row.<Row>getAs("details").<String>getAs("content_id"))
            .isEqualTo(known.getAs("content_id"));
      }
    }
  }

  @Test
  void whatCannotBeScoredHasNullAndAReason() {
    List<Row> output = scorer().transform(clips).where("score IS NULL").collectAsList();
    assertThat(output.stream().map(row -> row.<String>getAs("error")))
        .containsExactly("no such file", "no video in its row", "no prompt");
  }

  @Test
  void bytesAndAPromptForAll() {
    Dataset<Row> files =
        spark
            .read()
            .format("binaryFile")
            .load(Cli.VIDEOS + "/*.{mp4,webm,avi,mov}")
            .select("path", "content");
    VideoScorer scorer = scorer().setInputCol("content").setPrompt(ScoredFixtures.PROMPT);
    List<Row> output = scorer.transform(files).collectAsList();
    assertThat(output).hasSameSizeAs(expected.values());
    for (Row row : output) {
      Row known = expected.get(ScoredFixtures.name(row.getAs("path")));
      assertClose(row, "score", known);
    }
  }

  @Test
  void severalRewardsHaveAColumnEach() {
    VideoScorer scorer =
        scorer()
            .setReward(
                "hpsv2=" + ScoredFixtures.WEIGHTS,
                "other=" + ScoredFixtures.OTHER,
                "mix=0.7*hpsv2+0.3*other");
    Dataset<Row> scored = scorer.transform(clips);
    assertThat(scored.columns())
        .containsExactly(
            "id", "video", "prompt", "score_hpsv2", "score_mix", "score_other", "error");
    Map<String, Row> mixed = ScoredFixtures.rows(spark, temp.resolve("scores"), "mix");
    for (Row row : scored.where("error IS NULL").collectAsList()) {
      String name = ScoredFixtures.name(row.getAs("video"));
      assertClose(row, "score_hpsv2", expected.get(name));
      assertClose(row, "score_mix", mixed.get(name));
    }
  }

  private static void assertClose(Row row, String column, Row known) {
    double score = known.getAs("score");
    assertThat(row.<Double>getAs(column)).as(row.toString()).isCloseTo(score, BITS);
  }

  @Test
  void savedAndLoaded() throws IOException {
    String path = temp.resolve("scorer").toString();
    VideoScorer scorer = scorer().setBatch(3).setSeed(5_000_000_000L).setDecodeTimeout(7.5);
    scorer.setFrameChoice("random").setOutputCol("reward").setFit("hpsv2=crop");
    scorer.save(path);
    VideoScorer loaded = VideoScorer.load(path);
    assertThat(loaded.uid()).isEqualTo(scorer.uid());
    for (Param<?> param : scorer.params()) {
      assertThat(loaded.getOrDefault(loaded.getParam(param.name())))
          .as(param.name())
          .isEqualTo(scorer.getOrDefault(param));
    }

    assertSame(scorer.transform(clips), loaded.transform(clips), "reward");
  }

  private static void assertSame(Dataset<Row> first, Dataset<Row> second, String column) {
    assertThat(second.columns()).isEqualTo(first.columns());
    List<Row> known = first.orderBy("id").collectAsList();
    List<Row> rows = second.orderBy("id").collectAsList();
    assertThat(rows).hasSameSizeAs(known);
    for (int i = 0; i < rows.size(); i++) {
      if (known.get(i).getAs(column) == null) {
        assertThat(rows.get(i)).isEqualTo(known.get(i));
      } else {
        double score = known.get(i).getAs(column);
        assertThat(rows.get(i).<Double>getAs(column)).isCloseTo(score, BITS);
      }
    }
  }

  @Test
  void inAPipeline() throws IOException {
    SQLTransformer ranks = new SQLTransformer();
    ranks.setStatement(
        "SELECT *, rank() OVER (PARTITION BY prompt ORDER BY score DESC) best FROM __THIS__");
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {scorer(), ranks});
    String path = temp.resolve("pipeline").toString();
    PipelineModel model = pipeline.fit(clips);
    model.save(path);
    PipelineModel loaded = PipelineModel.load(path);
    assertSame(model.transform(clips), loaded.transform(clips), "score");
    Row best = loaded.transform(clips).orderBy(col("score").desc()).first();
    assertThat(best.<Integer>getAs("best")).isEqualTo(1);
  }

  @Test
  void wrongParameters() {
    assertRefused(scorer -> scorer.setReward(), "Missing reward: give one or several");
    assertRefused(scorer -> scorer.setReward("=x"), "Invalid --reward: =x; must be NAME=PATH");
    assertRefused(
        scorer -> scorer.setReward("hpsv2=/nowhere.pt"),
        "Invalid reward hpsv2: /nowhere.pt; there is no such file or directory");
    assertRefused(
        scorer -> scorer.setReward("mine"),
        "Invalid reward: mine; give the path of its weights, or put a class of that name");
    assertRefused(scorer -> scorer.setHeads("x"), "Invalid heads: x; must be NAME=VALUE");
    assertRefused(
        scorer -> scorer.setInputCol("clip"),
        "Invalid inputCol: clip; there is no such column; the columns are id, video, prompt");
    assertRefused(
        scorer -> scorer.setInputCol("id"),
        "Invalid inputCol: id; it is of type INT, must be string or binary");
    assertRefused(
        scorer -> scorer.setPromptCol("id"),
        "Invalid promptCol: id; it is of type INT, must be string");
    assertRefused(scorer -> scorer.setPromptCol("text"), "Invalid promptCol: text; there is no");
    assertRefused(
        scorer -> scorer.setOutputCol("Video"),
        "Invalid outputCol: Video; there is a column Video already");
    assertRefused(
        scorer -> scorer.setErrorCol("score"),
        "Invalid errorCol: score; there is a column score already");
    assertRefused(scorer -> scorer.setBatch(-1), "Invalid score.batch: -1; must be at least 0");
    assertRefused(scorer -> scorer.setFrameChoice("last"), "Invalid score.frame-choice: last;");
    assertThatThrownBy(() -> scorer().transform(clips.drop("prompt")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Missing prompt: the reward hpsv2 scores a video for one, and there is no column"
                + " prompt; set promptCol or prompt");
  }

  private static void assertRefused(UnaryOperator<VideoScorer> change, String message) {
    assertThatThrownBy(() -> change.apply(scorer()).transform(clips))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
