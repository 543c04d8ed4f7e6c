package instructvideo.spark;

import instructvideo.format.Floats;
import instructvideo.video.VideoFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/** The columns of a table of measured videos; one row a video. */
public final class MeasuresTable {

  /** What every table has. */
  public static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.StringType, false)
          .add("uri", DataTypes.StringType, false)
          .add("prompt", DataTypes.StringType, false)
          .add("content_id", DataTypes.StringType, true)
          .add("width", DataTypes.IntegerType, true)
          .add("height", DataTypes.IntegerType, true)
          .add("frames", DataTypes.IntegerType, true)
          .add("duration_s", DataTypes.DoubleType, true)
          .add("fps", DataTypes.DoubleType, true)
          .add("codec", DataTypes.StringType, true)
          .add("frame_indices", DataTypes.createArrayType(DataTypes.IntegerType, false), true)
          .add(
              "scores",
              DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType, false),
              true)
          .add(
              "frame_scores",
              DataTypes.createMapType(
                  DataTypes.StringType,
                  DataTypes.createArrayType(DataTypes.DoubleType, false),
                  false),
              true)
          .add("motion", DataTypes.DoubleType, true)
          .add("consistency", DataTypes.DoubleType, true)
          .add("sharpness", DataTypes.DoubleType, true)
          .add("saturation", DataTypes.DoubleType, true)
          .add("feature", DataTypes.BinaryType, true)
          .add(
              "identity",
              DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false),
              false)
          .add("error", DataTypes.StringType, true);

  private MeasuresTable() {}

  static Row row(MeasuredVideo video) {
    VideoFacts facts = video.facts();
    boolean fine = video.error() == null;
    TreeMap<String, Double> scores = new TreeMap<>();
    TreeMap<String, Object> frameScores = new TreeMap<>();
    video.frameScores().keySet().forEach(name -> scores.put(name, video.score(name)));
    video
        .frameScores()
        .forEach((name, values) -> frameScores.put(name, seq(Arrays.stream(values).boxed())));
    List<Object> values = new ArrayList<>();
    values.add(video.item().key());
    values.add(video.item().uri());
    values.add(video.item().prompt());
    values.add(video.contentId());
    values.add(facts.width());
    values.add(facts.height());
    values.add(facts.frames());
    values.add(facts.seconds());
    values.add(facts.fps());
    values.add(facts.codec());
    values.add(fine ? seq(Arrays.stream(video.frameIndices()).boxed()) : null);
    values.add(fine ? map(scores) : null);
    values.add(fine ? map(frameScores) : null);
    values.add(video.motion());
    values.add(video.consistency());
    values.add(video.sharpness());
    values.add(video.saturation());
    values.add(video.feature() == null ? null : Floats.toBytes(video.feature()));
    values.add(map(video.identity()));
    values.add(video.error());
    return RowFactory.create(values.toArray());
  }

  /** A row of a table, as it was written. */
  public static MeasuredVideo video(Row row) {
    TreeMap<String, double[]> frameScores = new TreeMap<>();
    if (!row.isNullAt(row.fieldIndex("frame_scores"))) {
      row.<String, scala.collection.Seq<Double>>getJavaMap(row.fieldIndex("frame_scores"))
          .forEach((name, values) -> frameScores.put(name, doubles(values)));
    }

    Map<String, String> identity = row.getJavaMap(row.fieldIndex("identity"));
    byte[] feature = row.getAs("feature");
    return new MeasuredVideo(
        new MeasureItem(row.getAs("key"), row.getAs("uri"), row.getAs("prompt")),
        row.getAs("content_id"),
        new VideoFacts(
            row.getAs("width"),
            row.getAs("height"),
            row.getAs("frames"),
            row.getAs("duration_s"),
            row.getAs("fps"),
            row.getAs("codec")),
        indices(row),
        frameScores,
        row.getAs("motion"),
        row.getAs("consistency"),
        row.getAs("sharpness"),
        row.getAs("saturation"),
        feature == null ? null : Floats.of(feature),
        new TreeMap<>(identity),
        row.getAs("error"));
  }

  private static int[] indices(Row row) {
    int column = row.fieldIndex("frame_indices");
    return row.isNullAt(column)
        ? new int[0]
        : row.<Integer>getList(column).stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[] doubles(scala.collection.Seq<Double> values) {
    return JavaConverters.seqAsJavaListConverter(values).asJava().stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static scala.collection.Seq<?> seq(java.util.stream.Stream<?> values) {
    return JavaConverters.asScalaBufferConverter(values.toList()).asScala().toSeq();
  }

  private static scala.collection.Map<?, ?> map(Map<?, ?> values) {
    return JavaConverters.mapAsScalaMapConverter(values).asScala();
  }
}
