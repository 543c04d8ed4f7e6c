package instructvideo.job.score;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import instructvideo.job.LostAnswers;
import instructvideo.job.Storage;
import instructvideo.spark.ContentId;
import instructvideo.spark.PlanTable;
import instructvideo.spark.ScoreRows.RewardIds;
import instructvideo.spark.TableOutput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a run has to do, written down before it begins: tasks that are tried again must find the
 * same rows, whatever the table has got by then.
 */
final class ScorePlan {

  /** One row a reward or sum: its name is a key among them. */
  private static final StructType WANTED =
      new StructType()
          .add("reward", DataTypes.StringType)
          .add("reward_id", DataTypes.StringType)
          .add("settings_id", DataTypes.StringType);

  /** Of rows with the same video and prompt the first. */
  private static final String FIRST =
      """
      SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY video, prompt ORDER BY `order`) AS place
        FROM instructvideo_items)
      WHERE place = 1
      """;

  /** What the table says of the wanted rewards; place 2 and more: a key that is there twice. */
  private static final String KNOWN =
      """
      SELECT video, prompt, reward, content_id, error, _file, row_number() OVER (
        PARTITION BY video, prompt, reward ORDER BY scored_at DESC, _file) AS place
      FROM instructvideo_scores LEFT SEMI JOIN instructvideo_wanted
      USING (reward, reward_id, settings_id)
      """;

  /** Nothing is read of a video without a prompt, so its content is no reason to try again. */
  private static final String PENDING =
      """
      SELECT i.*, w.reward, k._file AS file
      FROM instructvideo_asked i CROSS JOIN instructvideo_wanted w
      LEFT JOIN instructvideo_known k
      ON k.place = 1 AND k.video = i.video AND k.prompt <=> i.prompt AND k.reward = w.reward
      WHERE k._file IS NULL OR %s
      OR NOT (i.content_id <=> k.content_id)
        AND NOT (k.error <=> 'no prompt' AND k.content_id IS NULL)
      """;

  /** Rows of the table that go: they are scored again, or there twice. */
  private static final String GONE =
      """
      SELECT gone.*, reward_id, settings_id
      FROM (
        SELECT file AS _file, video, prompt, explode(rewards) AS reward
        FROM instructvideo_plan WHERE file IS NOT NULL
        UNION
        SELECT _file, video, prompt, reward FROM instructvideo_known WHERE place > 1) gone
      JOIN instructvideo_wanted USING (reward)
      """;

  /** All others of their files, which are written again. */
  private static final String KEPT =
      """
      SELECT s.* FROM instructvideo_scores s
      LEFT SEMI JOIN (SELECT DISTINCT _file FROM instructvideo_gone) files
      ON s._file = files._file
      LEFT ANTI JOIN instructvideo_gone g
      ON g._file = s._file AND g.video = s.video AND g.prompt <=> s.prompt
      AND g.reward = s.reward AND g.reward_id = s.reward_id AND g.settings_id = s.settings_id
      """;

  private final SparkSession spark;
  private final ScoreTable table;
  private final ScoreInputs inputs;
  private final Path folder;
  private boolean isFirst;

  private ScorePlan(SparkSession spark, ScoreTable table, ScoreInputs inputs, String id) {
    this.spark = spark;
    this.table = table;
    this.inputs = inputs;
    folder = table.hidden(TableOutput.PLAN + id);
  }

  /**
   * Compares what is asked for with the table, and writes the difference down.
   *
   * @param items with the prompts filled in, without the bytes
   */
  static ScorePlan write(
      SparkSession spark, ScoreTable table, ScoreInputs inputs, Dataset<Row> items, String id)
      throws IOException {
    ScorePlan plan = new ScorePlan(spark, table, inputs, id);
    items.createOrReplaceTempView("instructvideo_items");
    plan.isFirst = table.hasNoRows();
    if (!plan.isFirst) {
      plan.lookUp();
    }

    Dataset<Row> first = spark.sql(FIRST).drop("place", VideoItems.ORDER);
    plan.write("asked", plan.identified(first));
    if (!plan.isFirst) {
      plan.writeDifference();
    }

    return plan;
  }

  /** What was asked for, whether the table has it or not; one row for each video and prompt. */
  Dataset<Row> asked() {
    return spark.read().parquet(path("asked"));
  }

  /** Rows of {@link PlanTable}. */
  Dataset<Row> items() {
    return isFirst
        ? asked()
            .withColumn(PlanTable.REWARDS, lit(inputs.ids().keySet().toArray(String[]::new)))
            .withColumn(PlanTable.FILE, lit(null).cast("string"))
        : spark.read().parquet(path("items"));
  }

  /** Of what was asked for, how many the table has not got for all rewards. */
  long pending() {
    return items().select(PlanTable.VIDEO, PlanTable.PROMPT).distinct().count();
  }

  /** Files of the table that are written again; with the names of those that lose rows. */
  Dataset<Row> gone() {
    return spark.read().parquet(path("gone"));
  }

  /** Rows of the table that stay in files that are written again; with {@link ScoreTable#FILE}. */
  Dataset<Row> kept() {
    return spark.read().parquet(path("kept"));
  }

  /** Whether files of the table are written again. */
  boolean replaces() throws IOException {
    return Storage.exists(new Path(path("kept")));
  }

  /** The next run removes what stays. */
  void discard() {
    Storage.discard(folder);
  }

  private String path(String name) {
    return new Path(folder, name).toString();
  }

  private void write(String name, Dataset<Row> rows) {
    String uri = path(name);
    LostAnswers.retry(uri, () -> rows.write().mode(SaveMode.Overwrite).parquet(uri));
  }

  private void lookUp() {
    table.rows().createOrReplaceTempView("instructvideo_scores");
    wanted().createOrReplaceTempView("instructvideo_wanted");
    spark.sql(KNOWN).createOrReplaceTempView("instructvideo_known");
  }

  private void writeDifference() {
    asked().createOrReplaceTempView("instructvideo_asked");
    String anyway =
        inputs.config().overwrite()
            ? "true"
            : inputs.config().retryErrors() ? "k.error IS NOT NULL" : "false";
    write("items", grouped(spark.sql(PENDING.formatted(anyway))));
    items().createOrReplaceTempView("instructvideo_plan");
    write("gone", spark.sql(GONE));
    if (!gone().isEmpty()) {
      gone().createOrReplaceTempView("instructvideo_gone");
      write("kept", spark.sql(KEPT));
    }
  }

  private Dataset<Row> wanted() {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, RewardIds> reward : inputs.ids().entrySet()) {
      RewardIds ids = reward.getValue();
      rows.add(RowFactory.create(reward.getKey(), ids.rewardId(), ids.settingsId()));
    }

    return spark.createDataFrame(rows, WANTED);
  }

  /** With the content's id where the table has rows of a video: only these have to be compared. */
  private Dataset<Row> identified(Dataset<Row> items) {
    if (isFirst || inputs.config().overwrite()) {
      return items;
    }

    UDF1<String, String> find = ScorePlan::contentId;
    Column found =
        functions
            .udf(find, DataTypes.StringType)
            .asNondeterministic() // once for each row: it reads files
            .apply(col(PlanTable.URI));
    Column isUnknown =
        col(PlanTable.CONTENT_ID)
            .isNull()
            .and(col(PlanTable.PROBLEM).isNull())
            .and(col("known").isNotNull());
    Dataset<Row> videos =
        spark.sql("SELECT DISTINCT video, true AS known FROM instructvideo_known");
    int parts = spark.sparkContext().defaultParallelism() * 4;
    return items
        .join(videos, new String[] {PlanTable.VIDEO}, "left")
        .repartition(parts, col(PlanTable.VIDEO))
        .withColumn(
            PlanTable.CONTENT_ID,
            functions.when(isUnknown, found).otherwise(col(PlanTable.CONTENT_ID)))
        .drop("known");
  }

  private static String contentId(String uri) {
    try {
      return ContentId.of(uri);
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException | RuntimeException e) {
      return ContentId.UNREADABLE; // it is tried again
    }
  }

  /** One row for each video, prompt and file, with the rewards that are wanted. */
  private static Dataset<Row> grouped(Dataset<Row> pending) {
    List<String> keys = List.of(PlanTable.VIDEO, PlanTable.PROMPT, PlanTable.FILE);
    List<Column> values = new ArrayList<>();
    for (String column : pending.columns()) {
      if (!keys.contains(column) && !column.equals("reward")) {
        values.add(functions.first(col(column)).as(column));
      }
    }

    Column rewards =
        functions.sort_array(functions.collect_list(col("reward"))).as(PlanTable.REWARDS);
    return pending
        .groupBy(keys.stream().map(functions::col).toArray(Column[]::new))
        .agg(rewards, values.toArray(Column[]::new));
  }
}
