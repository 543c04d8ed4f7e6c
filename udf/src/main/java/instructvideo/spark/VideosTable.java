package instructvideo.spark;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table that generate writes: one row a video. */
public final class VideosTable {

  /** All that decides a video's bytes; once in the table. See {@link GenerateSetup#videoId}. */
  public static final String VIDEO_ID = "video_id";

  /** Where the video is; null if it could not be made. */
  public static final String URI = "uri";

  /** Why there is no video; null if there is one. */
  public static final String ERROR = "error";

  /** Its columns; docs/formats.md explains them. */
  public static final StructType SCHEMA =
      new StructType()
          .add(VIDEO_ID, DataTypes.StringType)
          .add("prompt_id", DataTypes.StringType)
          .add("prompt", DataTypes.StringType)
          .add("copy", DataTypes.IntegerType)
          .add("seed", DataTypes.LongType)
          .add("adapter", DataTypes.StringType)
          .add("adapter_id", DataTypes.StringType)
          .add("adapter_scale", DataTypes.DoubleType)
          .add("merged", DataTypes.BooleanType)
          .add("model_id", DataTypes.StringType)
          .add("ddim_steps", DataTypes.IntegerType)
          .add("eta", DataTypes.DoubleType)
          .add("guidance_scale", DataTypes.DoubleType)
          .add("negative_prompt", DataTypes.StringType)
          .add("frames", DataTypes.IntegerType)
          .add("height", DataTypes.IntegerType)
          .add("width", DataTypes.IntegerType)
          .add("fps", DataTypes.DoubleType)
          .add("precision", DataTypes.StringType)
          .add("format", DataTypes.StringType)
          .add(URI, DataTypes.StringType)
          .add("bytes", DataTypes.LongType)
          .add("sha256", DataTypes.StringType)
          .add("seconds", DataTypes.DoubleType)
          .add("created_at", DataTypes.TimestampType)
          .add(ERROR, DataTypes.StringType)
          .add("settings_id", DataTypes.StringType);

  private VideosTable() {}
}
