package instructvideo.job;

import instructvideo.spark.ScoresTable;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table of scores, row by row. */
public final class ScoreRows {

  private final List<Row> rows = new ArrayList<>();
  private final StructField[] manifest;
  private String reward = "hpsv2";
  private String rewardId = "r1";
  private String settingsId = "s1";
  private Timestamp scoredAt = Timestamp.from(Instant.parse("2026-01-02T03:04:05Z"));

  /** A table whose videos' manifest has these columns besides. */
  public ScoreRows(StructField... manifest) {
    this.manifest = manifest;
  }

  /** The reward of the rows that follow. */
  public ScoreRows reward(String name, String id, String settings, String time) {
    reward = name;
    rewardId = id;
    settingsId = settings;
    scoredAt = Timestamp.from(Instant.parse(time));
    return this;
  }

  /** A row of a video of three frames whose scores are 0.01 apart. */
  public ScoreRows scored(String video, String prompt, double score, Object... more) {
    return frames(
        video, prompt, score, List.of(score - 0.01, score, score + 0.01), List.of(0, 1, 2), more);
  }

  /** A row of a video with these scores of frames. */
  public ScoreRows frames(
      String video,
      String prompt,
      double score,
      List<Double> scores,
      List<Integer> indices,
      Object... more) {
    List<Double> times = indices.stream().map(index -> index / 8.0).toList();
    Object[] known = {scores.toArray(), indices.toArray(), times.toArray(), 64, 48, 3, 0.375, 8.0};
    return add(video, prompt, score, known, "h264", null, more);
  }

  /** A row of a video that could not be scored. */
  public ScoreRows failed(String video, String prompt, String error, Object... more) {
    return add(video, prompt, null, new Object[8], null, error, more);
  }

  private ScoreRows add(
      String video,
      String prompt,
      Double score,
      Object[] known,
      String codec,
      String error,
      Object[] more) {
    List<Object> values = new ArrayList<>(Arrays.asList(video, prompt, reward, score));
    values.addAll(Arrays.asList(known));
    values.addAll(Arrays.asList(codec, "content", rewardId, settingsId, scoredAt, error));
    values.addAll(Arrays.asList(more));
    rows.add(RowFactory.create(values.toArray()));
    return this;
  }

  /** The table. */
  public Dataset<Row> in(SparkSession spark) {
    StructType schema = ScoresTable.SCHEMA;
    for (StructField field : manifest) {
      schema = schema.add(field);
    }

    return spark.createDataFrame(rows, schema);
  }

  /** Writes the table in a session of its own. */
  public void write(String uri) {
    try (SparkSession spark = spark()) {
      in(spark).write().parquet(uri);
    }
  }

  /** A session without options. */
  public static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate();
  }
}
