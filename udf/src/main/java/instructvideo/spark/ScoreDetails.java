package instructvideo.spark;

import instructvideo.reward.RewardConfig;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What SQL and Spark ML tell of a scored video: columns of {@link ScoresTable}, as a struct. */
final class ScoreDetails {

  private static final List<String> COLUMNS =
      List.of(
          "score",
          "frame_scores",
          "frame_indices",
          "frame_times_s",
          "width",
          "height",
          "frames",
          "duration_s",
          "fps",
          "codec",
          "content_id",
          "error");

  static final StructType SCHEMA =
      new StructType(
          COLUMNS.stream().map(name -> ScoresTable.SCHEMA.apply(name)).toArray(StructField[]::new));

  private static final int SCORE = ScoresTable.SCHEMA.fieldIndex("score");

  private ScoreDetails() {}

  /** Makes rows of {@link ScoresTable} without fingerprints of weights and settings. */
  static ScoreRows rows(RewardConfig config) {
    TreeMap<String, ScoreRows.RewardIds> ids = new TreeMap<>();
    for (String name : RewardChoice.results(config)) {
      ids.put(name, new ScoreRows.RewardIds(null, null));
    }

    return new ScoreRows(config, ids, ScoresTable.SCHEMA);
  }

  /** The struct of a row of {@link ScoresTable}. */
  static Row of(Row scores) {
    return RowFactory.create(
        COLUMNS.stream().map(name -> scores.get(ScoresTable.SCHEMA.fieldIndex(name))).toArray());
  }

  /** The score of a row of {@link ScoresTable}, null if it has none. */
  static Double score(Row scores) {
    return (Double) scores.get(SCORE);
  }

  /**
   * A value of a column as an item.
   *
   * @param video path or URI, or the bytes; null if there is none
   * @param prompt null if there is none
   * @param row handed through
   */
  static ScoreItem item(RewardConfig config, Object video, String prompt, Row row) {
    byte[] content = video instanceof byte[] bytes ? bytes : null;
    String contentId = content == null ? null : ContentId.of(content);
    String uri = content == null && video != null ? video.toString() : null;
    boolean isMissing = content == null && (uri == null || uri.isBlank());
    return new ScoreItem(
        content == null ? uri : contentId,
        prompt == null || prompt.isBlank() ? null : prompt,
        uri,
        content,
        contentId,
        isMissing ? "no video in its row" : null,
        new TreeSet<>(config.checkpoints().keySet()),
        row);
  }
}
