package instructvideo.job.score;

import instructvideo.spark.PlanTable;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What is to be scored.
 *
 * @param rows the columns of {@link PlanTable#ITEMS}; {@link PlanTable#OWN} if there are any;
 *     {@link PlanTable#CONTENT} of tables that hold the bytes; {@link #ORDER}
 * @param own the manifest's columns
 * @param isPartitioned whether the rows have days
 * @param notices what the user should know, a line each
 * @param resolver from a video's name in the table to its URI
 */
record VideoItems(
    Dataset<Row> rows,
    StructType own,
    boolean isPartitioned,
    List<String> notices,
    UnaryOperator<String> resolver) {

  /** The place of a row in its source: of those that are the same, the first counts. */
  static final String ORDER = "order";

  /** Text file with the prompt of a video, null if there is none. */
  static final String SIDECAR = "sidecar";

  boolean holdsContent() {
    return List.of(rows.columns()).contains(PlanTable.CONTENT);
  }
}
