package instructvideo.job.tracking;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * OUT/tracking.json: under what names a run is known elsewhere, so that it goes on under them.
 *
 * @param id a tag of the run there, by which it is found if the answer to its creation was lost
 * @param mlflow null before there is one
 */
record TrackingFile(String id, Mlflow mlflow) {

  private static final String NAME = "tracking.json";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * A run on a tracking server.
   *
   * @param server its address when the run was made, for people
   */
  record Mlflow(String server, String experiment, String run) {}

  /** What is there; else a new id, which is written at once. */
  static TrackingFile of(String out) throws IOException {
    Path path = new Path(out, NAME);
    if (Storage.exists(path)) {
      try {
        TrackingFile read = GSON.fromJson(Storage.readText(path.toString()), TrackingFile.class);
        if (read != null && read.id != null) {
          return read;
        }
      } catch (JsonSyntaxException e) {
        // as if it were not there
      }
    }

    TrackingFile fresh = new TrackingFile(UUID.randomUUID().toString(), null);
    fresh.write(out);
    return fresh;
  }

  private void write(String out) {
    Outputs.file(out + "/" + NAME, file -> Files.writeString(file, GSON.toJson(this) + "\n"));
  }

  /** Remembers the run. */
  void write(String out, Mlflow run) {
    new TrackingFile(id, run).write(out);
  }
}
