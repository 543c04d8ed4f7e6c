package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The table that score writes: one row a video, prompt and reward. */
public final class ScoresTable {

  /** Its columns, which those of a manifest follow; docs/formats.md explains them. */
  public static final StructType SCHEMA =
      new StructType()
          .add("video", DataTypes.StringType)
          .add("prompt", DataTypes.StringType)
          .add("reward", DataTypes.StringType)
          .add("score", DataTypes.DoubleType)
          .add("frame_scores", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("frame_indices", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("frame_times_s", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("width", DataTypes.IntegerType)
          .add("height", DataTypes.IntegerType)
          .add("frames", DataTypes.IntegerType)
          .add("duration_s", DataTypes.DoubleType)
          .add("fps", DataTypes.DoubleType)
          .add("codec", DataTypes.StringType)
          .add("content_id", DataTypes.StringType)
          .add("reward_id", DataTypes.StringType)
          .add("settings_id", DataTypes.StringType)
          .add("scored_at", DataTypes.TimestampType)
          .add("error", DataTypes.StringType);

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
            "Cannot read %s: column %s is missing; it is no table of score", uri, field.name());
      }

      DataType type = table.schema().apply(field.name()).dataType();
      if (!DataType.equalsIgnoreNullability(type, field.dataType())) {
        throw InvalidInputException.of(
            "Cannot read %s: column %s is of type %s, must be %s; it is no table of score",
            uri, field.name(), type.simpleString(), field.dataType().simpleString());
      }
    }
  }
}
