package instructvideo.job.report;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import instructvideo.error.InvalidInputException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/**
 * guard.json: what a run saw when it looked at held-out prompts.
 *
 * @param mode off, warn or stop
 * @param status watching, stopped or finished
 * @param stoppedAfter round, null if it was not stopped
 * @param reason why it was stopped, null if it was not
 * @param best the round whose checkpoint is the one to use, null if there is none yet
 * @param limits shares of the base's value by which something may fall: motion, diversity, reward
 * @param floors lowest values allowed, by metric; null or without those that have no limit
 * @param looks by round; round 0 is the model alone
 */
public record GuardLog(
    int format,
    String mode,
    String status,
    Integer stoppedAfter,
    String reason,
    Best best,
    JsonObject limits,
    SortedMap<String, Double> floors,
    List<Look> looks) {

  /** Name of the file in a run's directory. */
  public static final String NAME = "guard.json";

  private static final int FORMAT = 1;

  /** The checkpoint to use, and why. */
  public record Best(int round, String reason) {}

  /**
   * One look.
   *
   * @param metrics means by name, of rewards and measures
   * @param stderr standard errors of these
   * @param broken limits that were passed, a sentence each
   */
  public record Look(
      int round,
      SortedMap<String, Double> metrics,
      SortedMap<String, Double> stderr,
      List<String> broken) {

    double value(String metric) {
      return metrics == null ? Double.NaN : metrics.getOrDefault(metric, Double.NaN);
    }

    double error(String metric) {
      return stderr == null ? Double.NaN : stderr.getOrDefault(metric, Double.NaN);
    }

    boolean isBroken() {
      return broken != null && !broken.isEmpty();
    }
  }

  /**
   * Reads guard.json.
   *
   * @param name for messages
   * @throws InvalidInputException if it is something else
   */
  static GuardLog parse(String json, String name) {
    try {
      GuardLog read = new Gson().fromJson(json, GuardLog.class);
      if (read != null && read.format == FORMAT && read.looks != null) {
        return read;
      }
    } catch (JsonParseException e) {
      throw new InvalidInputException("Cannot read %s: it is no guard's log".formatted(name), e);
    }

    throw InvalidInputException.of(
        "Cannot read %s: it is no guard's log of format %d", name, FORMAT);
  }

  boolean isStopped() {
    return stoppedAfter != null;
  }

  /** The look at the model alone. */
  Optional<Look> base() {
    return look(0);
  }

  Optional<Look> look(int round) {
    return looks.stream().filter(look -> look.round == round).findFirst();
  }

  /** The look at the best round, else the last one at an adapter. */
  Optional<Look> chosen() {
    Optional<Look> atBest = best == null ? Optional.empty() : look(best.round);
    return atBest.isPresent()
        ? atBest
        : looks.stream().filter(look -> look.round > 0).reduce((first, second) -> second);
  }

  /**
   * The lowest value of a metric that is allowed; empty if it has no limit. A reward's depends on
   * its deviation, too, so that it is known only where the log says it.
   */
  OptionalDouble floor(String metric) {
    if (floors != null && floors.containsKey(metric)) {
      return OptionalDouble.of(floors.get(metric));
    }

    OptionalDouble share = limit(metric);
    double base = base().map(look -> look.value(metric)).orElse(Double.NaN);
    return share.isEmpty() || Double.isNaN(base)
        ? OptionalDouble.empty()
        : OptionalDouble.of(base * (1 - share.getAsDouble()));
  }

  /** The share by which a metric may fall; keys are such as motion or maxMotionDrop. */
  OptionalDouble limit(String metric) {
    if (limits == null) {
      return OptionalDouble.empty();
    }

    return limits.entrySet().stream()
        .filter(entry -> plain(entry.getKey()).equals(plain(metric)))
        .map(Map.Entry::getValue)
        .filter(GuardLog::isNumber)
        .mapToDouble(JsonElement::getAsDouble)
        .findFirst();
  }

  private static String plain(String name) {
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    return letters.replaceAll("^max(.+)drop$", "$1");
  }

  private static boolean isNumber(JsonElement value) {
    return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
  }
}
