package instructvideo.job.top;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import instructvideo.error.InvalidInputException;
import instructvideo.job.score.stats.ScoreColumns;
import instructvideo.spark.HadoopFiles;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Writes the list and says what is in it. */
final class TopJob {

  private static final String ABSOLUTE = "^(/|[A-Za-z][A-Za-z0-9+.-]+:/)";
  private static final String LOCAL = "^(/|(?i:file):)";

  private final TopRows top;
  private final TopList list;

  TopJob(TopRows top, TopList list) {
    this.top = top;
    this.list = list;
  }

  /**
   * The list as a whole.
   *
   * @param relative rows whose video is relative to a manifest
   * @param local rows whose video is a file of this machine
   * @param withoutPrompt rows that prepare would refuse
   */
  private record Facts(
      long rows, double least, double most, long relative, long local, long withoutPrompt) {}

  /**
   * Does it.
   *
   * @throws InvalidInputException if no row is left, or the list cannot be written
   */
  void run() {
    Dataset<Row> rows = top.rows().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Facts facts = facts(rows);
      list.write(rows, facts.rows);
      report(facts);
    } finally {
      rows.unpersist(true);
    }
  }

  private Facts facts(Dataset<Row> rows) {
    Row row =
        rows.agg(
                count(lit(1)),
                min("score"),
                max("score"),
                number(not(col("video").rlike(ABSOLUTE))),
                number(col("video").rlike(LOCAL)),
                number(trim(coalesce(col("prompt"), lit(""))).equalTo("")))
            .first();
    if (row.getLong(0) == 0) {
      throw InvalidInputException.of(
          "Cannot rank by %s: none of its %d scores in %s is at least --min (%s)",
          top.config().reward(), top.set().scored(), top.config().scores(), top.config().min());
    }

    return new Facts(
        row.getLong(0),
        row.getDouble(1),
        row.getDouble(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5));
  }

  private static Column number(Column condition) {
    return count(when(condition, lit(1)));
  }

  private void report(Facts facts) {
    System.out.printf(
        Locale.ROOT,
        "Wrote %d of %d scored rows to %s: %s from %.4f to %.4f.%n%s%n",
        facts.rows,
        top.set().scored(),
        list.uri(),
        top.config().reward(),
        facts.least,
        facts.most,
        ScoreColumns.COMPARABLE);
    if (facts.withoutPrompt > 0) {
      System.out.printf(
          "%d rows have no prompt; prepare reads the list only once they have one.%n",
          facts.withoutPrompt);
    }

    System.out.printf("Train on them:%n  %s%n", prepare(facts));
  }

  /** The command that reads the list. */
  private String prepare(Facts facts) {
    String reward = top.config().reward().matches("[\\w.-]+") ? top.config().reward() : "NAME";
    boolean isRemote = !HadoopFiles.isLocal(list.uri());
    String videos =
        facts.relative > 0
            ? " --videos DIRECTORY"
            : isRemote && facts.local > 0 ? " --allow-local-videos" : "";
    return "instructvideo prepare --model MODEL --reward %s=PATH --prompts %s%s --out TABLE"
        .formatted(reward, quoted(list.uri()), videos);
  }

  private static String quoted(String path) {
    return path.matches("[\\w./:@%+=,-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }
}
