package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import instructvideo.format.Floats;
import instructvideo.train.TrainingSample;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The table that prepare writes and train reads: one row a video. */
public final class SamplesTable {

  /** Its columns; docs/formats.md explains them. */
  public static final StructType SCHEMA =
      new StructType()
          .add("position", DataTypes.LongType, false)
          .add("id", DataTypes.StringType, false)
          .add("prompt", DataTypes.StringType, false)
          .add("source", DataTypes.StringType, false)
          .add("video", DataTypes.StringType, true)
          .add("latents", DataTypes.BinaryType, false)
          .add("latents_shape", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("prompt_embeds", DataTypes.BinaryType, false)
          .add(
              "text_features",
              DataTypes.createMapType(DataTypes.StringType, DataTypes.BinaryType, false),
              false);

  /** A source: the latents are those of a video. */
  public static final String VIDEO = "video";

  /** A source: the latents were sampled from the base model. */
  public static final String SAMPLED = "sampled";

  private SamplesTable() {}

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
            "Cannot read %s: column %s is missing; prepare the data again", uri, field.name());
      }

      DataType type = table.schema().apply(field.name()).dataType();
      if (!DataType.equalsIgnoreNullability(type, field.dataType())) {
        throw InvalidInputException.of(
            "Cannot read %s: column %s is of type %s, must be %s; prepare the data again",
            uri, field.name(), type.simpleString(), field.dataType().simpleString());
      }
    }
  }

  /** The columns that training reads. */
  public static Dataset<Row> trainingColumns(Dataset<Row> table) {
    return table.select(
        "position", "id", "latents", "latents_shape", "prompt_embeds", "text_features");
  }

  /**
   * A row of {@link #trainingColumns} as values.
   *
   * @param rewards whose text features are taken, one after the other
   */
  static TrainingSample sample(Row row, List<String> rewards, int epoch) {
    List<Integer> shape = row.getList(row.fieldIndex("latents_shape"));
    Map<String, byte[]> features = row.getJavaMap(row.fieldIndex("text_features"));
    return new TrainingSample(
        row.getAs("id"),
        epoch,
        Floats.of(row.<byte[]>getAs("latents")),
        shape.stream().mapToLong(Integer::longValue).toArray(),
        Floats.of(row.<byte[]>getAs("prompt_embeds")),
        textFeatures(features, rewards));
  }

  private static float[] textFeatures(Map<String, byte[]> features, List<String> rewards) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    rewards.forEach(reward -> all.writeBytes(features.get(reward)));
    return Floats.of(all.toByteArray());
  }
}
