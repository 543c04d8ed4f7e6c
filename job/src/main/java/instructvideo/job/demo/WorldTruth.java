package instructvideo.job.demo;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.spark.HadoopSource;
import instructvideo.spark.VideosTable;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the videos of an evaluation show, by the rules of the world.
 *
 * @param videos those without adapter and those with one or several
 */
record WorldTruth(List<Video> videos) {

  private static final int MAX_FRAMES = 1000;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** A video and what it shows. */
  record Video(String adapter, String caption, int copy, String uri, WorldMeasures measures) {}

  /** Reads the videos of {@link Subject#test} that an evaluation has made. */
  static WorldTruth of(SparkSession spark, String table) throws IOException, VideoException {
    List<Row> rows =
        spark
            .read()
            .schema(VideosTable.SCHEMA)
            .parquet(table)
            .filter(VideosTable.URI + " is not null")
            .orderBy("adapter", "prompt", "copy")
            .collectAsList();
    List<Video> videos = new ArrayList<>();
    for (Row row : rows) {
      String caption = row.getAs("prompt");
      Subject subject =
          Subject.test().stream()
              .filter(s -> s.caption().equals(caption))
              .findFirst()
              .orElseThrow();
      String uri = row.getAs(VideosTable.URI);
      WorldMeasures measures = WorldMeasures.of(Clip.of(frames(uri)), subject);
      videos.add(new Video(row.getAs("adapter"), caption, row.getAs("copy"), uri, measures));
    }
    return new WorldTruth(videos);
  }

  /** All frames of a video. */
  static List<RgbFrame> frames(String uri) throws IOException, VideoException {
    try (VideoReader reader = VideoReader.open(HadoopSource.open(uri), VideoReader.TIMEOUT)) {
      return reader.readAll(MAX_FRAMES);
    }
  }

  /** The videos of one adapter, in the order of captions and copies. */
  List<Video> of(String adapter) {
    return videos.stream().filter(video -> video.adapter.equals(adapter)).toList();
  }

  /** The mean of a measure over an adapter's videos. */
  double mean(String adapter, ToDoubleFunction<WorldMeasures> measure) {
    return of(adapter).stream().map(Video::measures).collect(Collectors.averagingDouble(measure));
  }

  /** By how much the mean of a measure is above that without adapter. */
  double change(String adapter, ToDoubleFunction<WorldMeasures> measure) {
    return mean(adapter, measure) - mean(EvaluationSummary.BASE, measure);
  }

  /** How many videos of an adapter are nearer to the clean clip than those without it. */
  int nearer(String base, String adapter) {
    List<Video> before = of(base);
    List<Video> after = of(adapter);
    int count = 0;
    for (int i = 0; i < after.size(); i++) {
      boolean isNearer =
          after.get(i).measures.errorToClean() < before.get(i).measures.errorToClean();
      count += isNearer ? 1 : 0;
    }
    return count;
  }

  void write(Path file) {
    DemoFiles.write(file, GSON.toJson(this).getBytes(StandardCharsets.UTF_8));
  }
}
