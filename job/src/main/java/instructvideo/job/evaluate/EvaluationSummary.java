package instructvideo.job.evaluate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Json;
import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * evaluation.json: how adapters compare with the model alone. It is written last, so an evaluation
 * whose summary is there is complete.
 *
 * @param format version of the file's layout
 * @param model URI of the pipeline
 * @param adapters first the model alone, which is called {@link #BASE}
 * @param rewards and sums that scored, by name
 * @param features name of the reward whose image tower made the image features; "" if none did
 * @param settings by key, those that decide the videos and the numbers
 * @param comparisons one for each set, number of steps, adapter and metric; where there are several
 *     sets also of {@link #ALL}
 * @param verdict what the comparisons come to, in sentences
 * @param videos that were measured, those without adapter included
 * @param failures videos that could not be made or measured
 * @param definitions of each measure by its name, and of "reward": one line
 */
public record EvaluationSummary(
    int format,
    String model,
    List<Adapter> adapters,
    List<Reward> rewards,
    String features,
    SortedMap<String, String> settings,
    List<Comparison> comparisons,
    List<String> verdict,
    int videos,
    List<Failure> failures,
    SortedMap<String, String> definitions) {

  /** Name of the file in the directory of an evaluation. */
  public static final String NAME = "evaluation.json";

  /** Version that this class writes and reads. */
  public static final int FORMAT = 1;

  /** Name of the model alone among the adapters. */
  public static final String BASE = "base";

  /** Name of all sets together among the sets. */
  public static final String ALL = "all";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * What videos were made with.
   *
   * @param uri as it was given, null of {@link #BASE}
   * @param id of its weights, null of {@link #BASE}
   * @param scale strength, null of {@link #BASE}
   * @param round of the run that it was taken from, null if it is of no run
   */
  public record Adapter(String name, String uri, String id, Double scale, Integer round) {}

  /**
   * What scored.
   *
   * @param id of its weights
   * @param trained whether the adapters were trained on it, null if that is not known
   */
  public record Reward(String name, String id, Boolean trained) {}

  /** What a metric is: the score by a reward, or a measure of the videos. */
  public enum Kind {
    @SerializedName("reward")
    REWARD,
    @SerializedName("measure")
    MEASURE
  }

  /**
   * One metric of an adapter against the model alone, from equal noise.
   *
   * @param metric name of the reward or measure
   * @param videos pairs of which both sides were measured; for diversity, prompts
   * @param prompts that these are of
   * @param missing pairs of which a side is missing; they are left out of everything
   * @param difference of tuned over base, pair by pair
   * @param ratio of the means, tuned to base; null of rewards and where base is 0
   * @param winRate share of the pairs where tuned is higher; ties count half
   * @param gained prompts whose mean difference is highest, the highest first; of rewards only
   * @param lost prompts whose mean difference is lowest, the lowest first; of rewards only
   */
  public record Comparison(
      String set,
      int ddimSteps,
      String adapter,
      Kind kind,
      String metric,
      int videos,
      int prompts,
      int missing,
      Moments base,
      Moments tuned,
      Difference difference,
      Double ratio,
      double winRate,
      List<Extreme> gained,
      List<Extreme> lost) {

    private boolean isWhole() {
      return set != null && adapter != null && metric != null && base != null && tuned != null;
    }
  }

  /**
   * Of values of videos.
   *
   * @param std sample standard deviation, null of a single value
   */
  public record Moments(double mean, Double std) {}

  /**
   * A mean difference with its bootstrap interval over prompts.
   *
   * @param low null where there is one prompt only, as {@code high}
   */
  public record Difference(double mean, Double low, Double high) {

    /** Whether the interval leaves out 0. */
    public boolean isCertain() {
      return low != null && high != null && (low > 0 || high < 0);
    }
  }

  /**
   * A prompt that gained or lost much; values are means over its videos.
   *
   * @param baseUri its first video without adapter, relative to the directory of the summary if it
   *     lies under it
   * @param tunedUri the one from the same noise with the adapter
   */
  public record Extreme(
      String set,
      String promptId,
      String prompt,
      double difference,
      double base,
      double tuned,
      String baseUri,
      String tunedUri) {}

  /** A video that has no values, and why. */
  public record Failure(String key, String uri, String error) {}

  /**
   * The comparison of a metric.
   *
   * @return empty if there is none, as of a reward that did not score
   */
  public Optional<Comparison> find(String set, int ddimSteps, String adapter, String metric) {
    return comparisons.stream()
        .filter(one -> one.set.equals(set) && one.ddimSteps == ddimSteps)
        .filter(one -> one.adapter.equals(adapter) && one.metric.equals(metric))
        .findFirst();
  }

  /** As the file has it. */
  public String json() {
    return GSON.toJson(this);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @param name for messages
   * @throws InvalidInputException if it is something else
   */
  public static EvaluationSummary parse(String json, String name) {
    try {
      EvaluationSummary read = Json.parse(GSON, json, EvaluationSummary.class);
      if (read != null && read.format == FORMAT && read.isWhole()) {
        return read;
      }
    } catch (JsonParseException e) {
      throw new InvalidInputException(
          "Cannot read %s: it is no summary of evaluate".formatted(name), e);
    }

    throw InvalidInputException.of(
        "Cannot read %s: it is no summary of this version's evaluate; evaluate again", name);
  }

  private boolean isWhole() {
    boolean lists =
        Stream.of(adapters, rewards, comparisons, verdict, failures)
            .allMatch(list -> list != null && !list.contains(null));
    return lists && settings != null && comparisons.stream().allMatch(Comparison::isWhole);
  }

  /**
   * Reads the summary in the directory of an evaluation.
   *
   * @throws InvalidInputException if there is none, as before evaluate has ended
   */
  public static EvaluationSummary read(String directory) {
    String uri = new Path(directory, NAME).toString();
    return parse(Storage.readText(uri), uri);
  }

  /** Writes it into the directory of an evaluation, in one step. */
  public void write(String directory) {
    byte[] bytes = json().getBytes(StandardCharsets.UTF_8);
    Outputs.file(new Path(directory, NAME).toString(), file -> Files.write(file, bytes));
  }

  /** A video of an {@link Extreme}, wherever the directory lies by now. */
  public static String resolve(String directory, String uri) {
    return uri.startsWith("/") || uri.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*")
        ? uri
        : new Path(directory, uri).toString();
  }
}
