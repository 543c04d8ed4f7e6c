package instructvideo.job.score;

import static org.apache.spark.sql.functions.col;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Json;
import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import instructvideo.job.claim.OutputClaim;
import instructvideo.spark.ScoresTable;
import instructvideo.spark.TableOutput;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The folder of a table: Parquet files, each of which appears whole, and _scores/, which Spark's
 * readers pass over.
 */
final class ScoreTable {

  /** The file, relative to the table, that a row is in. */
  static final String FILE = "_file";

  /** Hive's way of keeping days apart; the only partition that is kept. */
  static final String PARTITION = "dt";

  private static final String NO_DAY = ExternalCatalogUtils.DEFAULT_PARTITION_NAME();
  private static final String HIDDEN = "_scores";
  private static final String COLUMNS = "part-columns.parquet";
  private static final int FORMAT = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final SparkSession spark;
  private final String uri;
  private final Path root;
  private final FileSystem files;
  private Identity identity;

  /**
   * _scores/table.json.
   *
   * @param own the manifest's columns, as Spark writes a schema in JSON
   * @param partition column that the table is partitioned by, null for none
   */
  private record Identity(int format, String own, String partition) {}

  ScoreTable(SparkSession spark, String uri) throws IOException {
    this.spark = spark;
    this.uri = uri;
    files = Storage.fileSystem(new Path(uri));
    root = files.makeQualified(new Path(uri));
  }

  /**
   * Begins a table, or checks that the one that is there takes these columns.
   *
   * @param own columns of the manifest
   * @param isPartitioned whether there are days
   * @throws InvalidInputException if something else is there, or it has other columns
   */
  void claim(StructType own, boolean isPartitioned) throws IOException {
    Path path = hidden("table.json");
    if (files.exists(path)) {
      identity = identity(path);
      checkFormat();
      if (!hasNoRows()) {
        checkOwn(own, isPartitioned);
        return;
      }

      files.delete(new Path(root, columnsEntry()), true); // of a run that came to nothing
    }

    if (!OutputClaim.contents(root).stream().allMatch(HIDDEN::equals)) {
      throw InvalidInputException.of(
          "Cannot write to %s: it is not empty and holds no table of score; give another --out",
          uri);
    }

    identity = new Identity(FORMAT, own.json(), isPartitioned ? PARTITION : null);
    byte[] json = GSON.toJson(identity).getBytes(StandardCharsets.UTF_8);
    Outputs.file(path.toString(), file -> Files.write(file, json));
  }

  /** Null if the file is something else. */
  private static Identity identity(Path path) {
    try {
      return Json.parse(GSON, Storage.readText(path.toString()), Identity.class);
    } catch (JsonParseException e) {
      return null;
    }
  }

  private void checkFormat() {
    if (identity == null || identity.format() != FORMAT) {
      throw InvalidInputException.of(
          "Cannot read %s: not of this version's score; give another --out", hidden("table.json"));
    }
  }

  private void checkOwn(StructType given, boolean isPartitioned) {
    List<String> names = Arrays.asList(own().fieldNames());
    for (StructField field : given.fields()) {
      DataType type = names.contains(field.name()) ? own().apply(field.name()).dataType() : null;
      if (type == null || !DataType.equalsIgnoreNullability(type, field.dataType())) {
        throw InvalidInputException.of(
            "Cannot add to the table in %s: column %s %s of the manifest is not one of its columns"
                + " (%s); leave it out, or give another --out",
            uri, field.name(), field.dataType().simpleString(), own().simpleString());
      }
    }

    if (isPartitioned && identity.partition() == null) {
      throw InvalidInputException.of(
          "Cannot add to the table in %s: it is not partitioned by %s, the videos are; give another"
              + " --out",
          uri, PARTITION);
    }
  }

  /** The manifest's columns. */
  StructType own() {
    return (StructType) DataType.fromJson(identity.own());
  }

  /** The column that the table is partitioned by, null if it is not. */
  String partition() {
    return identity.partition();
  }

  /** What its files hold: all columns but the partition's. */
  StructType fileSchema() {
    StructType schema = ScoresTable.SCHEMA;
    for (StructField field : own().fields()) {
      schema = schema.add(field.name(), field.dataType(), true);
    }

    return schema;
  }

  /**
   * How tasks write to it.
   *
   * @param plan part of the names of new files
   */
  TableOutput output(String plan) throws IOException {
    return TableOutput.of(spark, root.toString(), HIDDEN, plan, fileSchema());
  }

  /** All rows, as any reader sees them, with {@link #FILE}. */
  Dataset<Row> rows() {
    StructType schema = fileSchema();
    if (partition() != null) {
      schema = schema.add(partition(), DataTypes.StringType);
    }

    String start = root.toUri().getPath();
    UDF1<String, String> relative =
        path -> new Path(URI.create(path)).toUri().getPath().substring(start.length() + 1);
    Column file = functions.udf(relative, DataTypes.StringType).apply(col("_metadata.file_path"));
    return spark.read().schema(schema).parquet(uri).withColumn(FILE, file);
  }

  /** Whether no run has added to it yet. */
  boolean hasNoRows() throws IOException {
    Set<String> names = new HashSet<>(Storage.list(root));
    names.removeIf(name -> name.startsWith("_"));
    if (names.equals(Set.of(columnsEntry())) && partition() != null) {
      names = new HashSet<>(Storage.list(new Path(root, columnsEntry())));
    }

    names.remove(COLUMNS);
    return names.isEmpty();
  }

  private String columnsEntry() {
    return partition() == null ? COLUMNS : partition() + "=" + NO_DAY;
  }

  /** Makes the table readable from the start: a file without rows tells its columns. */
  void show(TableOutput output) throws IOException {
    String folder = partition() == null ? "" : columnsEntry() + "/";
    if (!files.exists(new Path(root, folder + COLUMNS))) {
      output.write(folder + COLUMNS, List.of());
    }
  }

  /** A file or folder inside _scores. */
  Path hidden(String name) {
    return new Path(root, HIDDEN + "/" + name);
  }

  /** Removes what killed runs left. */
  void clean() throws IOException {
    for (String name : Storage.list(hidden(""))) {
      if (name.startsWith(TableOutput.PLAN) || name.equals("staging")) {
        files.delete(hidden(name), true);
      }
    }
  }
}
