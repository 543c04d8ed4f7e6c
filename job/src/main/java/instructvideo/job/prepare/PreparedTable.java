package instructvideo.job.prepare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Json;
import instructvideo.job.LostAnswers;
import instructvideo.job.Storage;
import instructvideo.job.claim.OutputClaim;
import instructvideo.spark.PrepareChunk;
import instructvideo.spark.PrepareManifest;
import instructvideo.spark.PrepareManifest.DataFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * The directory of a table: samples/chunk=00007/, rejects/chunk=00007/, _chunks/00007.json for each
 * chunk that is whole, prepare.json when all are.
 */
final class PreparedTable {

  private static final String IDENTITY = "_prepare.json";
  private static final int ROWS_PER_FILE = 512; // about 300 MB at 16 x 256 x 256
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Path root;
  private final FileSystem files;

  PreparedTable(String uri) throws IOException {
    root = new Path(uri);
    files = Storage.fileSystem(root);
  }

  /**
   * A chunk that is whole.
   *
   * @param items SHA-256 of what it was made of
   * @param reasons of some rejects, for the message of a failure
   */
  record Marker(
      String items, PrepareChunk.Summary summary, List<String> reasons, List<DataFile> files) {}

  /**
   * Writes _prepare.json, or checks that the one that is there is of the same table.
   *
   * @throws InvalidInputException if something else is there
   */
  void claim(PrepareIdentity identity) throws IOException {
    Path path = new Path(root, IDENTITY);
    if (!files.exists(path)) {
      if (!OutputClaim.contents(root).isEmpty()) {
        throw InvalidInputException.of(
            "Cannot write to %s: it is not empty and holds no table; give another --out", root);
      }

      Storage.writeText(path, GSON.toJson(identity));
      return;
    }

    PrepareIdentity started = parse(path, PrepareIdentity.class);
    if (started == null || started.settings() == null || started.fingerprints() == null) {
      throw InvalidInputException.of("Cannot read %s: not of prepare; give another --out", path);
    }

    identity.checkSame(started, root.toString());
  }

  /** The manifest of a table that is whole. */
  Optional<PrepareManifest> manifest() throws IOException {
    Path path = new Path(root, PrepareManifest.NAME);
    return files.exists(path)
        ? Optional.of(PrepareManifest.parse(Storage.readText(path.toString()), path.toString()))
        : Optional.empty();
  }

  /** A chunk that an earlier attempt made of the same items. */
  Optional<Marker> marker(int chunk, String items) throws IOException {
    Path path = markerPath(chunk);
    if (!files.exists(path)) {
      return Optional.empty();
    }

    return Optional.ofNullable(parse(path, Marker.class)).filter(m -> items.equals(m.items));
  }

  /** Writes a chunk's rows, in place of what a killed attempt left, and its marker last. */
  Marker write(int chunk, String items, PrepareChunk rows) throws IOException {
    PrepareChunk.Summary summary = rows.summary();
    List<DataFile> written = new ArrayList<>();
    long samples = summary.fromVideos() + summary.sampled();
    write("samples", chunk, samples, rows.samples(), written);
    write("rejects", chunk, summary.rejects(), rows.rejects(), new ArrayList<>());
    List<String> reasons =
        rows.rejects().limit(3).collectAsList().stream()
            .map(row -> row.<String>getAs("id") + ": " + row.<String>getAs("reason"))
            .toList();
    Marker marker = new Marker(items, summary, reasons, written);
    Storage.writeText(markerPath(chunk), GSON.toJson(marker));
    Storage.discard(new Path(notes(chunk)));
    return marker;
  }

  /** Forgets a chunk: the next attempt makes it again. */
  void forget(int chunk) throws IOException {
    files.delete(markerPath(chunk), false);
  }

  /** Makes the table whole. */
  void complete(PrepareManifest manifest) throws IOException {
    Storage.writeText(new Path(root, PrepareManifest.NAME), manifest.json());
  }

  private void write(String table, int chunk, long rows, Dataset<Row> data, List<DataFile> written)
      throws IOException {
    String name = "%s/chunk=%05d".formatted(table, chunk);
    Path directory = new Path(root, name);
    files.delete(directory, true);
    if (rows == 0) {
      return;
    }

    int parts = Math.toIntExact((rows + ROWS_PER_FILE - 1) / ROWS_PER_FILE);
    LostAnswers.retry(
        directory,
        () -> data.coalesce(parts).write().mode(SaveMode.Overwrite).parquet(directory.toString()));
    for (FileStatus file : files.listStatus(directory)) {
      String part = file.getPath().getName();
      if (part.endsWith(".parquet")) {
        written.add(new DataFile(name + "/" + part, file.getLen()));
      }
    }
  }

  /** A folder for what attempts at a chunk note, until it is whole. */
  String notes(int chunk) {
    return new Path(root, "_chunks/%05d-in-hand".formatted(chunk)).toString();
  }

  private Path markerPath(int chunk) {
    return new Path(root, "_chunks/%05d.json".formatted(chunk));
  }

  private static <T> T parse(Path path, Class<T> type) {
    try {
      return Json.parse(GSON, Storage.readText(path.toString()), type);
    } catch (JsonParseException e) {
      return null; // of a killed attempt
    }
  }
}
