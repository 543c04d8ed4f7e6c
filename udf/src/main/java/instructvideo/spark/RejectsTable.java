package instructvideo.spark;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The prompts that prepare could not use, with the reason: one row a prompt. */
public final class RejectsTable {

  /** Its columns; docs/formats.md explains them. */
  public static final StructType SCHEMA =
      new StructType()
          .add("position", DataTypes.LongType, false)
          .add("id", DataTypes.StringType, false)
          .add("prompt", DataTypes.StringType, false)
          .add("video", DataTypes.StringType, true)
          .add("reason", DataTypes.StringType, false);

  private RejectsTable() {}
}
