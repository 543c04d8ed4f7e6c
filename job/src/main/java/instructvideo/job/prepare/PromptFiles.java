package instructvideo.job.prepare;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.prompt.PromptList;
import instructvideo.prompt.PromptRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The list of prompts behind a URI: a text file, or Parquet. */
public final class PromptFiles {

  private static final List<String> OPTIONAL_COLUMNS = List.of("id", "video");

  private PromptFiles() {}

  /** Reads it. */
  public static PromptList read(String uri, SparkSession spark) {
    FileStatus status = Storage.status(uri);
    if (status.isDirectory() || uri.toLowerCase(Locale.ROOT).endsWith(".parquet")) {
      return PromptList.of(uri, parquet(uri, spark));
    }

    return PromptList.parse(uri, Storage.readBytes(uri));
  }

  /** Rows in the order of the files; columns are found whatever their case. */
  private static List<PromptRow> parquet(String uri, SparkSession spark) {
    Dataset<Row> table = open(uri, spark);
    Map<String, String> columns = new HashMap<>();
    Arrays.stream(table.columns())
        .forEach(column -> columns.put(column.toLowerCase(Locale.ROOT), column));
    String prompt = PromptList.promptColumn(uri, columns.keySet().stream().sorted().toList());
    Map<String, String> wanted = new HashMap<>(Map.of("prompt", columns.get(prompt)));
    OPTIONAL_COLUMNS.stream()
        .filter(columns::containsKey)
        .forEach(name -> wanted.put(name, columns.get(name)));
    List<String> names = List.copyOf(wanted.keySet());
    List<Row> rows =
        table
            .select(
                names.stream()
                    .map(name -> functions.col("`" + wanted.get(name) + "`").cast("string"))
                    .toArray(org.apache.spark.sql.Column[]::new))
            .collectAsList();
    return rows(names, rows);
  }

  private static List<PromptRow> rows(List<String> names, List<Row> rows) {
    List<PromptRow> found = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), row.getString(i));
      }

      found.add(new PromptRow(found.size() + 1L, values));
    }

    return found;
  }

  private static Dataset<Row> open(String uri, SparkSession spark) {
    try {
      return spark.read().parquet(uri);
    } catch (Exception e) { // Scala throws checked ones too
      throw new InvalidInputException(
          "Cannot read %s: it is not Parquet; prompts are .txt, .csv, .jsonl or Parquet"
              .formatted(uri),
          e);
    }
  }
}
