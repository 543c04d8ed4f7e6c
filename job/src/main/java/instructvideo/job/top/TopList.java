package instructvideo.job.top;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import instructvideo.job.LostAnswers;
import instructvideo.job.Outputs;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The list that top writes: by its extension .csv (RFC 4180), .jsonl or .ndjson, or a directory of
 * Parquet.
 *
 * @param uri of the file or directory
 */
record TopList(String uri) {

  private static final long ROWS_PER_FILE = 1_000_000;

  /**
   * Refuses, before any work, a directory that is there.
   *
   * @throws instructvideo.error.InvalidInputException if it is not empty
   */
  void check() {
    if (!isText()) {
      Outputs.checkEmpty(uri);
    }
  }

  /** Writes it, whole or not at all; text passes through the driver row by row. */
  void write(Dataset<Row> rows, long count) {
    if (isCsv()) {
      Dataset<Row> texts =
          rows.select(
              Arrays.stream(rows.schema().fields()).map(TopList::text).toArray(Column[]::new));
      String header = csv(rows.columns());
      Outputs.file(uri, file -> writeLines(file, header, lines(texts)));
    } else if (isText()) {
      Column object = to_json(struct(col("*")), Map.of("ignoreNullFields", "false"));
      Outputs.file(uri, file -> writeLines(file, "", lines(rows.select(object))));
    } else {
      Dataset<Row> parts = count <= ROWS_PER_FILE ? rows.coalesce(1) : rows;
      Outputs.table(
          uri,
          path ->
              LostAnswers.retry(path, () -> parts.write().mode(SaveMode.Overwrite).parquet(path)));
    }
  }

  private boolean isCsv() {
    return uri.toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private boolean isText() {
    String lower = uri.toLowerCase(Locale.ROOT);
    return isCsv() || lower.endsWith(".jsonl") || lower.endsWith(".ndjson");
  }

  private static Iterator<String> lines(Dataset<Row> texts) {
    Iterator<Row> rows = texts.toLocalIterator();
    boolean isRecord = texts.columns().length > 1;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public String next() {
        Row row = rows.next();
        return isRecord
            ? csv(IntStream.range(0, row.size()).mapToObj(row::getString).toArray(String[]::new))
            : row.getString(0);
      }
    };
  }

  private static void writeLines(java.nio.file.Path file, String header, Iterator<String> lines)
      throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      if (!header.isEmpty()) {
        writer.write(header + "\n");
      }

      while (lines.hasNext()) {
        writer.write(lines.next() + "\n");
      }
    }
  }

  /** A column as text: lists and records as JSON, bytes as base64. */
  private static Column text(StructField field) {
    Column column = col("`" + field.name().replace("`", "``") + "`");
    DataType type = field.dataType();
    boolean isNested =
        type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
    Column text = isNested ? to_json(column) : column;
    return (type instanceof BinaryType ? base64(column) : text).cast("string").as(field.name());
  }

  private static String csv(String[] values) {
    return Arrays.stream(values).map(TopList::csv).collect(Collectors.joining(","));
  }

  private static String csv(String value) {
    if (value == null) {
      return "";
    }

    boolean isPlain = value.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
    return isPlain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
