package instructvideo.job.score;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.prompt.PromptList;
import instructvideo.spark.PlanTable;
import instructvideo.spark.ScoresTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows of a manifest, or of a table that holds the bytes. */
final class ManifestItems {

  private static final List<String> VIDEO_COLUMNS = List.of("video", "path", "uri", "file");
  private static final List<String> NAME_COLUMNS =
      List.of("video", "path", "uri", "file", "name", "id", "key");

  private final String uri;
  private final Dataset<Row> table;
  private final boolean allowLocal;
  private final List<String> notices = new ArrayList<>();

  private ManifestItems(String uri, Dataset<Row> table, boolean allowLocal) {
    this.uri = uri;
    this.table = table;
    this.allowLocal = allowLocal;
  }

  /** Whether a URI names a manifest or a table: by its extension, or a folder of Parquet files. */
  static boolean isOne(String uri) throws IOException {
    String lower = uri.toLowerCase(Locale.ROOT);
    if (List.of(".csv", ".jsonl", ".ndjson", ".parquet").stream().anyMatch(lower::endsWith)) {
      return true;
    }

    List<FileStatus> found = Storage.glob(uri);
    return found.size() == 1 && found.get(0).isDirectory() && holdsParquet(found.get(0).getPath());
  }

  private static boolean holdsParquet(Path folder) throws IOException {
    for (FileStatus entry : Storage.fileSystem(folder).listStatus(folder)) {
      String name = entry.getPath().getName();
      if (name.startsWith("_") || name.startsWith(".")) {
        continue;
      }

      boolean partition = entry.isDirectory() && name.contains("=");
      return partition ? holdsParquet(entry.getPath()) : name.endsWith(".parquet");
    }

    return false;
  }

  /**
   * Reads it.
   *
   * @param allowLocal whether a remote manifest may name files of the executors' hosts
   */
  static VideoItems read(SparkSession spark, String uri, boolean allowLocal) {
    Storage.status(uri);
    ManifestItems items = new ManifestItems(uri, open(spark, uri), allowLocal);
    return items.hasContent() ? items.ofContent() : items.ofFiles();
  }

  private static Dataset<Row> open(SparkSession spark, String uri) {
    String lower = uri.toLowerCase(Locale.ROOT);
    DataFrameReader reader = spark.read().option("mode", "FAILFAST");
    try {
      if (lower.endsWith(".csv")) {
        return reader
            .option("header", true)
            .option("multiLine", true)
            .option("escape", "\"")
            .csv(uri);
      }

      return lower.endsWith(".jsonl") || lower.endsWith(".ndjson")
          ? reader.json(uri)
          : reader.parquet(uri);
    } catch (Exception e) { // Spark's checked ones are not declared
      throw Manifests.malformed(uri, e);
    }
  }

  private boolean hasContent() {
    return contentColumn() != null;
  }

  /** The binary column, null if there is none. */
  private String contentColumn() {
    List<String> binary = new ArrayList<>();
    for (StructField field : table.schema().fields()) {
      if (field.dataType().equals(DataTypes.BinaryType)) {
        binary.add(field.name());
      }
    }

    if (binary.size() <= 1) {
      return binary.isEmpty() ? null : binary.get(0);
    }

    return List.of("video", "content", "bytes").stream()
        .flatMap(name -> binary.stream().filter(name::equalsIgnoreCase))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Cannot score %s: several columns are binary (%s), none is video, content or"
                        + " bytes",
                    uri, String.join(", ", binary)));
  }

  /** The first of some names that is a column, whatever its case; null if none is. */
  private String column(List<String> names) {
    String content = contentColumn();
    for (String name : names) {
      for (String column : table.columns()) {
        if (column.equalsIgnoreCase(name) && !column.equals(content)) {
          return column;
        }
      }
    }

    return null;
  }

  private VideoItems ofContent() {
    String content = contentColumn();
    String name = column(NAME_COLUMNS);
    Column bytes = named(content);
    Column id = concat(lit("sha256:"), sha2(bytes, 256));
    Column video = name == null ? id : coalesce(named(name).cast("string"), id);
    Column problem = when(bytes.isNull(), lit("no bytes in its row"));
    return items(video, lit(null).cast("string"), id, problem, name, content);
  }

  private VideoItems ofFiles() {
    String name = column(VIDEO_COLUMNS);
    if (name == null) {
      throw InvalidInputException.of(
          "Cannot score %s: no column video (or path, uri, file) and no binary column; its columns"
              + " are %s",
          uri, String.join(", ", table.columns()));
    }

    Column given = named(name).cast("string");
    Column video = when(trim(given).notEqual(""), given);
    UDF1<String, String> strip = ManifestPaths::shown;
    Column shown = functions.udf(strip, DataTypes.StringType).apply(video);
    ManifestPaths paths = ManifestPaths.of(uri, allowLocal);
    UDF1<String, String> resolve = paths::resolve;
    UDF1<String, String> refuse = paths::problem;
    Column file = functions.udf(resolve, DataTypes.StringType).apply(video);
    Column problem = functions.udf(refuse, DataTypes.StringType).apply(video);
    Column none = lit(null).cast("string");
    return items(coalesce(shown, lit("")), file, none, problem, name, null);
  }

  private VideoItems items(
      Column video, Column file, Column id, Column problem, String name, String content) {
    String prompt = column(PromptList.PROMPT_COLUMNS);
    String day = column(List.of(ScoreTable.PARTITION));
    List<Column> columns = new ArrayList<>();
    columns.add(video.as(PlanTable.VIDEO));
    columns.add(text(prompt).as(PlanTable.PROMPT));
    columns.add(file.as(PlanTable.URI));
    columns.add(id.as(PlanTable.CONTENT_ID));
    columns.add(problem.as(PlanTable.PROBLEM));
    columns.add(text(day).as(PlanTable.PARTITION));
    columns.add(lit(null).cast("string").as(VideoItems.SIDECAR));
    columns.add(monotonically_increasing_id().as(VideoItems.ORDER));
    List<Column> own = own(Arrays.asList(name, prompt, day, content));
    if (!own.isEmpty()) {
      columns.add(struct(own.toArray(Column[]::new)).as(PlanTable.OWN));
    }

    if (content != null) {
      columns.add(named(content).as(PlanTable.CONTENT));
    }

    Dataset<Row> rows = table.select(columns.toArray(Column[]::new));
    if (prompt == null && content == null) {
      rows = rows.withColumn(VideoItems.SIDECAR, Prompts.sidecar(col(PlanTable.URI)));
    }

    StructType ownType =
        own.isEmpty()
            ? new StructType()
            : (StructType) rows.schema().apply(PlanTable.OWN).dataType();
    ManifestPaths paths = ManifestPaths.of(uri, allowLocal);
    return new VideoItems(rows, ownType, day != null, notices, paths::resolve);
  }

  /** Those that are used for nothing else. */
  private List<Column> own(List<String> used) {
    List<String> taken = Arrays.asList(ScoresTable.SCHEMA.fieldNames());
    List<Column> own = new ArrayList<>();
    for (String column : table.columns()) {
      if (used.contains(column)) {
        continue;
      }

      boolean clashes = taken.stream().anyMatch(column::equalsIgnoreCase);
      if (clashes) {
        notices.add(
            "%s: column %s is kept as manifest_%s, since the table has its own"
                .formatted(uri, column, column));
      }

      own.add(named(column).as(clashes ? "manifest_" + column : column));
    }

    return own;
  }

  private Column text(String column) {
    return column == null ? lit(null).cast("string") : named(column).cast("string");
  }

  private static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }
}
