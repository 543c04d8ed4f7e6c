package instructvideo.job.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Json;
import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.stream.Stream;
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

    return Optional.of(parse(Storage.readText(file.toString()), file.toString()));
  }

  /**
   * What a file says.
   *
   * @param name for messages
   * @throws InvalidInputException if it is not such a file
   */
  public static GuardRecord parse(String json, String name) {
    try {
      GuardRecord read = Json.parse(GSON, json, GuardRecord.class);
      if (read != null && read.isWhole()) {
        return read;
      }
    } catch (JsonParseException e) {
      throw new InvalidInputException(notOurs(name), e);
    }

    throw InvalidInputException.of("%s", notOurs(name));
  }

  private boolean isWhole() {
    boolean numbers =
        Stream.of(limits, floors).allMatch(map -> map == null || !map.containsValue(null));
    return format == FORMAT
        && numbers
        && looks != null
        && looks.stream().allMatch(look -> look != null && look.isWhole());
  }

  private static String notOurs(String name) {
    return "Cannot read %s: it is not what train writes (format %d); move it away, and the guard begins anew"
        .formatted(name, FORMAT);
  }

  /** The look at the model alone. */
  public Optional<Look> base() {
    return look(0);
  }

  private Optional<Look> look(int round) {
    return looks.stream().filter(look -> look.round() == round).findFirst();
  }

  /** The look at the best round if that is one of an adapter, else the last one at an adapter. */
  public Optional<Look> chosen() {
    Optional<Look> atBest = best == null || best.round == 0 ? Optional.empty() : look(best.round);
    return atBest.isPresent()
        ? atBest
        : looks.stream().filter(look -> look.round() > 0).reduce((first, second) -> second);
  }

  /** The lowest value of a metric that is allowed; empty if it has no limit. */
  public OptionalDouble floor(String metric) {
    return floors == null || !floors.containsKey(metric)
        ? OptionalDouble.empty()
        : OptionalDouble.of(floors.get(metric));
  }

  /** The share of the base's value by which motion or diversity may fall; empty for others. */
  public OptionalDouble limit(String metric) {
    Double share = limits == null ? null : limits.get("max-" + metric + "-drop");
    return share == null ? OptionalDouble.empty() : OptionalDouble.of(share);
  }

  /** Writes it, in place of an earlier one. */
  public void write(Path run) {
    Outputs.file(
        new Path(run, NAME).toString(),
        part -> Files.writeString(part, GSON.toJson(this), StandardCharsets.UTF_8));
  }
}
