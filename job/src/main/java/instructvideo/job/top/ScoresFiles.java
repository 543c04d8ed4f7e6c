package instructvideo.job.top;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.spark.ScoresTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The table of scores behind a URI. */
final class ScoresFiles {

  private ScoresFiles() {}

  /**
   * Opens it.
   *
   * @throws InvalidInputException if there is none, or another table
   */
  static Dataset<Row> open(String uri, SparkSession spark) {
    Storage.status(uri);
    Dataset<Row> table = read(uri, spark);
    ScoresTable.check(table, uri);
    return table;
  }

  private static Dataset<Row> read(String uri, SparkSession spark) {
    try {
      return spark.read().parquet(uri);
    } catch (Exception e) { // Scala throws checked ones too
      throw new InvalidInputException(
          "Cannot read %s: it holds no Parquet; give a table that score wrote".formatted(uri), e);
    }
  }
}
