package instructvideo.spark;

import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a run of score has to do: one row for each video and prompt, and for each older file that
 * has rows to be replaced.
 */
public final class PlanTable {

  /** As the table of scores names it. */
  public static final String VIDEO = "video";

  /** Null if there is none. */
  public static final String PROMPT = "prompt";

  /** Where the bytes are; null if they are in {@link #CONTENT}. */
  public static final String URI = "uri";

  /** See {@link ContentId}; null where only the bytes tell. */
  public static final String CONTENT_ID = "content_id";

  /** Why it cannot be scored; null if nothing is known against it. */
  public static final String PROBLEM = "problem";

  /** The bytes, of tables that hold them. */
  public static final String CONTENT = "content";

  /** The value of the table's partition; null if it has none. */
  public static final String PARTITION = "partition";

  /** The manifest's own columns. */
  public static final String OWN = "own";

  /** Names of the rewards and sums that are wanted. */
  public static final String REWARDS = "rewards";

  /** File of the table with the rows that these replace, relative to it; null if there is none. */
  public static final String FILE = "file";

  /** Columns of what is to be scored, before it is compared with a table. */
  public static final StructType ITEMS =
      new StructType()
          .add(VIDEO, DataTypes.StringType)
          .add(PROMPT, DataTypes.StringType)
          .add(URI, DataTypes.StringType)
          .add(CONTENT_ID, DataTypes.StringType)
          .add(PROBLEM, DataTypes.StringType)
          .add(PARTITION, DataTypes.StringType);

  private PlanTable() {}

  /** Names of the rewards and sums that a row wants. */
  static List<String> rewards(Row row) {
    return row.getList(row.fieldIndex(REWARDS));
  }

  /** A row as an item; sums want their terms. */
  static ScoreItem item(Row row, RewardConfig config) {
    boolean holdsContent = Arrays.asList(row.schema().fieldNames()).contains(CONTENT);
    Set<String> wanted = new TreeSet<>(rewards(row));
    for (RewardSum sum : config.rewardSums()) {
      if (wanted.remove(sum.name())) {
        wanted.addAll(sum.terms().keySet());
      }
    }

    String id = row.getAs(CONTENT_ID);
    return new ScoreItem(
        row.getAs(VIDEO),
        row.getAs(PROMPT),
        row.getAs(URI),
        holdsContent ? row.getAs(CONTENT) : null,
        ContentId.UNREADABLE.equals(id) ? null : id,
        row.getAs(PROBLEM),
        wanted,
        row);
  }
}
