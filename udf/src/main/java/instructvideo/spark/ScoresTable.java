package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The table that score writes: one row a (video, prompt, reward, reward_id, settings_id), with the
 * columns of the videos' manifest behind these.
 */
public final class ScoresTable {

  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType, true);
  private static final DataType INTS = DataTypes.createArrayType(DataTypes.IntegerType, true);

  /** Its own columns; docs/formats.md explains them. Unknown values are null, never 0 or NaN. */
  public static final StructType SCHEMA =
      new StructType()
          .add("video", DataTypes.StringType, true)
          .add("prompt", DataTypes.StringType, true)
          .add("reward", DataTypes.StringType, true)
          .add("score", DataTypes.DoubleType, true)
          .add("frame_scores", DOUBLES, true)
          .add("frame_indices", INTS, true)
          .add("frame_times_s", DOUBLES, true)
          .add("width", DataTypes.IntegerType, true)
          .add("height", DataTypes.IntegerType, true)
          .add("frames", DataTypes.IntegerType, true)
          .add("duration_s", DataTypes.DoubleType, true)
          .add("fps", DataTypes.DoubleType, true)
          .add("codec", DataTypes.StringType, true)
          .add("content_id", DataTypes.StringType, true)
          .add("reward_id", DataTypes.StringType, true)
          .add("settings_id", DataTypes.StringType, true)
          .add("scored_at", DataTypes.TimestampType, true)
          .add("error", DataTypes.StringType, true);

  private ScoresTable() {}

  /**
   * Checks that a table has the columns.
   *
   * @throws InvalidInputException naming the first that is missing or of another type
   */
  public static void check(Dataset<Row> table, String uri) {
    List<String> names = List.of(table.columns());
    for (StructField field : SCHEMA.fields()) {
      if (!names.contains(field.name())) {
        throw InvalidInputException.of(
            "Cannot read %s: column %s is missing; give a table that score wrote",
            uri, field.name());
      }

      DataType type = table.schema().apply(field.name()).dataType();
      if (!DataType.equalsIgnoreNullability(type, field.dataType())) {
        throw InvalidInputException.of(
            "Cannot read %s: column %s is of type %s, must be %s; give a table that score wrote",
            uri, field.name(), type.simpleString(), field.dataType().simpleString());
      }
    }
  }

  /** The columns that a table has from the manifest of its videos, in their order. */
  public static List<String> manifestColumns(Dataset<Row> table) {
    Set<String> own =
        Arrays.stream(SCHEMA.fieldNames())
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return Arrays.stream(table.columns())
        .filter(name -> !own.contains(name.toLowerCase(Locale.ROOT)))
        .toList();
  }
}
