package instructvideo.spark;

import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;

/**
 * What a task does: makes videos, each of which appears whole under its own name, and then a file
 * of the table with their rows.
 *
 * @param out URI of the folder above the videos
 * @param done counts videos
 */
record GenerateChunk(GenerateSetup setup, String out, TableOutput output, LongAccumulator done)
    implements Serializable {

  /**
   * Rows of a file.
   *
   * @param file of the table, relative to it
   * @param kept rows of it that stay
   */
  record Part(String file, List<GenerateItem> items, List<Row> kept) implements Serializable {}

  /** What was written: how many bytes, and the SHA-256 of all. */
  private record Written(long bytes, String sha256) {}

  /** Makes the videos of a part; returns their rows' errors, null for none. */
  List<String> write(Part part) throws IOException {
    List<Row> rows = new ArrayList<>(part.kept);
    List<String> errors = new ArrayList<>();
    for (GenerateItem item : part.items) {
      TaskContext.get().killTaskIfInterrupted();
      Row row = make(item);
      rows.add(row);
      errors.add(row.getString(VideosTable.SCHEMA.fieldIndex(VideosTable.ERROR)));
      done.add(1);
    }

    output.write(part.file, rows);
    return errors;
  }

  private Row make(GenerateItem item) throws IOException {
    long start = System.nanoTime();
    List<RgbFrame> frames = GenerateWorker.frames(setup, item);
    if (frames.isEmpty()) {
      return row(item, null, "its frames are not finite", start);
    }

    try {
      Written written = publish(frames, out + "/" + setup.path(item));
      SparkMetrics.get().generated();
      return row(item, written, null, start);
    } catch (VideoException e) {
      return row(item, null, e.getMessage(), start);
    }
  }

  private Written publish(List<RgbFrame> frames, String uri) throws IOException, VideoException {
    if (setup.format() != VideoFormat.PNG) {
      byte[] file = VideoWriter.encode(frames, setup.video().fps(), setup.format());
      publish(file, uri);
      return new Written(file.length, PreparedRow.sha256(file));
    }

    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < frames.size(); i++) {
      byte[] picture = VideoWriter.encode(List.of(frames.get(i)), 1, VideoFormat.PNG);
      publish(picture, uri + "/%05d.png".formatted(i));
      all.write(picture);
    }

    return new Written(all.size(), PreparedRow.sha256(all.toByteArray()));
  }

  private void publish(byte[] bytes, String uri) throws IOException {
    AtomicFile.publish(bytes, uri, output.staging());
  }

  /**
   * A row of {@link VideosTable}.
   *
   * @param written null if there is no video
   * @param error null if there is one
   */
  private Row row(GenerateItem item, Written written, String error, long start) {
    GenerateAdapter adapter = setup.adapter(item);
    return RowFactory.create(
        setup.videoId(item),
        item.promptId(),
        item.prompt(),
        item.copy(),
        setup.seed(),
        item.adapter(),
        adapter == null ? null : adapter.id(),
        adapter == null ? null : adapter.strength(),
        setup.isMerged(item),
        setup.modelId(),
        item.ddimSteps(),
        setup.sampler().eta(),
        setup.sampler().guidanceScale(),
        setup.sampler().negativePrompt(),
        setup.video().frames(),
        setup.video().height(),
        setup.video().width(),
        setup.video().fps(),
        setup.precision().toString().toLowerCase(Locale.ROOT),
        setup.format() == VideoFormat.PNG
            ? "frames"
            : setup.format().toString().toLowerCase(Locale.ROOT),
        written == null ? null : out + "/" + setup.path(item),
        written == null ? null : written.bytes,
        written == null ? null : written.sha256,
        (System.nanoTime() - start) / 1e9,
        Timestamp.from(Instant.now().truncatedTo(ChronoUnit.MILLIS)),
        error,
        setup.settingsId(item));
  }
}
