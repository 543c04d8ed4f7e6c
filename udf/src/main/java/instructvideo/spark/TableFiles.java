package instructvideo.spark;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Row;

/** The files that a task writes: one for each partition of the table that it has rows of. */
final class TableFiles implements AutoCloseable {

  private final TableOutput output;
  private final UnaryOperator<String> fileOf;
  private final Map<String, TableOutput.Rows> open = new TreeMap<>();

  /**
   * None yet.
   *
   * @param fileOf the file, relative to the table, of a partition's folder, "" for none
   */
  TableFiles(TableOutput output, UnaryOperator<String> fileOf) {
    this.output = output;
    this.fileOf = fileOf;
  }

  void write(String folder, Row row) throws IOException {
    String file = fileOf.apply(folder);
    TableOutput.Rows rows = open.get(file);
    if (rows == null) {
      rows = output.open(file);
      open.put(file, rows);
    }

    rows.write(row);
  }

  /** Makes all rows visible, file by file. */
  void publish() throws IOException {
    for (TableOutput.Rows rows : open.values()) {
      rows.publish();
    }
  }

  @Override
  public void close() throws IOException {
    for (TableOutput.Rows rows : open.values()) {
      rows.close();
    }
  }
}
