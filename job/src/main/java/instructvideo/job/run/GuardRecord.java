package instructvideo.job.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import instructvideo.error.InvalidInputException;
import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;

/**
 * guard.json of a run: what was looked at, and what came of it.
 *
 * @param format version of the file
 * @param mode off, warn or stop
 * @param status watching, stopped or finished
 * @param stoppedAfter the round, null if it was not stopped
 * @param reason why it was stopped or, in mode warn, would have been first; null if never
 * @param best null before the first look
 * @param limits guard.max-* by name
 * @param floors lowest allowed value by metric
 * @param trained name of the reward that is trained on
 * @param heldOut names of the rewards that are not
 * @param looks by round, the first is the base's
 */
public record GuardRecord(
    int format,
    String mode,
    String status,
    Integer stoppedAfter,
    String reason,
    Best best,
    SortedMap<String, Double> limits,
    SortedMap<String, Double> floors,
    String trained,
    List<String> heldOut,
    List<Look> looks) {

  /** Name of the file in the directory of a run. */
  public static final String NAME = "guard.json";

  /** Version of the file. */
  public static final int FORMAT = 1;

  /** Rounds are still to be made. */
  public static final String WATCHING = "watching";

  /** The guard ended the run. */
  public static final String STOPPED = "stopped";

  /** All rounds were made. */
  public static final String FINISHED = "finished";

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .serializeNulls()
          .serializeSpecialFloatingPointValues()
          .create();

  /**
   * The best checkpoint.
   *
   * @param reason one sentence
   */
  public record Best(int round, String reason) {}

  /** Whether the guard ended the run. */
  public boolean isStopped() {
    return STOPPED.equals(status);
  }

  /**
   * Reads it; empty if the run has none.
   *
   * @param run directory of the run
   * @throws InvalidInputException if it is not such a file
   */
  public static Optional<GuardRecord> read(Path run) throws IOException {
    Path file = new Path(run, NAME);
    if (!Storage.exists(file)) {
      return Optional.empty();
    }

    try {
      GuardRecord read = GSON.fromJson(Storage.readText(file.toString()), GuardRecord.class);
      return Optional.ofNullable(read);
    } catch (JsonSyntaxException e) {
      throw new InvalidInputException(
          "Cannot read %s: it is not what train wrote; move it away, and the guard begins anew"
              .formatted(file),
          e);
    }
  }

  /** Writes it, in place of an earlier one. */
  public void write(Path run) {
    Outputs.file(
        new Path(run, NAME).toString(),
        part -> Files.writeString(part, GSON.toJson(this), StandardCharsets.UTF_8));
  }
}
