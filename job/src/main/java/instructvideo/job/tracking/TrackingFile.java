package instructvideo.job.tracking;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.format.Json;
import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * OUT/tracking.json: under what names a run is known elsewhere, so that it goes on under them.
 *
 * @param id a tag of the run there, by which it is found if the answer to its creation was lost
 * @param mlflow null before there is one
 * @param told the trackers that know all of a run that came to its end; null before it did
 */
record TrackingFile(String id, Mlflow mlflow, List<String> told) {

  private static final String NAME = "tracking.json";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * A run on a tracking server.
   *
   * @param server its address when the run was made, for people
   */
  record Mlflow(String server, String experiment, String run) {}

  /** What is there. */
  static Optional<TrackingFile> read(String out) throws IOException {
    Path path = new Path(out, NAME);
    if (!Storage.exists(path)) {
      return Optional.empty();
    }

    try {
      return Optional.ofNullable(
              Json.parse(GSON, Storage.readText(path.toString()), TrackingFile.class))
          .filter(read -> read.id != null);
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  /** What is there; else a new id, which is written at once. */
  static TrackingFile of(String out) throws IOException {
    Optional<TrackingFile> there = read(out);
    if (there.isPresent()) {
      return there.get();
    }

    TrackingFile fresh = new TrackingFile(UUID.randomUUID().toString(), null, null);
    fresh.write(out);
    return fresh;
  }

  private void write(String out) {
    Outputs.file(out + "/" + NAME, file -> Files.writeString(file, GSON.toJson(this) + "\n"));
  }

  /** Remembers the run. */
  void write(String out, Mlflow run) {
    new TrackingFile(id, run, null).write(out);
  }

  /** Remembers who knows all. */
  void write(String out, List<String> trackers) {
    new TrackingFile(id, mlflow, trackers).write(out);
  }
}
