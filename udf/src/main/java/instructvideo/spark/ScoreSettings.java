package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import instructvideo.nn.Precision;
import instructvideo.reward.Interpolation;
import instructvideo.reward.RewardConfig;
import instructvideo.video.FrameChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of scoring outside the command line: SQL's functions and {@link VideoScorer}. Keys and
 * defaults are those of reference.conf.
 */
public final class ScoreSettings {

  /** Defaults by key; a test holds them against reference.conf. */
  public static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("reward.config", ""),
          Map.entry("reward.segments", "4"),
          Map.entry("score.frame-choice", "middle"),
          Map.entry("score.every", "1"),
          Map.entry("score.interpolation", "bicubic"),
          Map.entry("score.batch", "0"),
          Map.entry("score.decode-threads", "0"),
          Map.entry("score.decode-timeout", "120"),
          Map.entry("seed", "0"),
          Map.entry("threads", "0"),
          Map.entry("precision", "float32"));

  /** Their entries have names of the user's choice. */
  private static final List<String> MAPS =
      List.of("reward.checkpoints.", "reward.heads.", "reward.fit.", "reward.sums.");

  private static final double LAMBDA_TAR = 1; // training's, like the interpolation beside it
  private static final double LONGEST_TIMEOUT = 1e6;

  private final String prefix;
  private final Map<String, String> given;

  private ScoreSettings(String prefix, Map<String, String> given) {
    this.prefix = prefix;
    this.given = given;
  }

  /**
   * Takes those whose key begins with a prefix.
   *
   * @param settings any, by key
   * @throws InvalidInputException if there is no such key behind the prefix
   */
  public static ScoreSettings of(String prefix, Map<String, String> settings) {
    Map<String, String> given = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            given.put(key.substring(prefix.length()), value);
          }
        });
    given.keySet().forEach(key -> check(prefix, key));
    return new ScoreSettings(prefix, given);
  }

  private static void check(String prefix, String key) {
    if (!DEFAULTS.containsKey(key) && MAPS.stream().noneMatch(key::startsWith)) {
      throw InvalidInputException.of(
          "Unknown key %s%s; the keys are %s, reward.checkpoints.NAME, reward.heads.NAME,"
              + " reward.fit.NAME and reward.sums.NAME",
          prefix, key, String.join(", ", DEFAULTS.keySet().stream().sorted().toList()));
    }
  }

  /**
   * The rewards and what goes with them.
   *
   * @throws InvalidInputException if they do not fit together
   */
  public RewardConfig reward() {
    try {
      return new RewardConfig(
          map("reward.checkpoints."),
          map("reward.heads."),
          map("reward.fit."),
          map("reward.sums."),
          text("reward.config"),
          whole("reward.segments", 1),
          LAMBDA_TAR,
          Interpolation.BILINEAR);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("Invalid setting: " + e.getMessage(), e);
    }
  }

  /**
   * How rewards are scored.
   *
   * @throws InvalidInputException naming the key whose value is wrong
   */
  public ScoreSetup setup(RewardConfig reward) {
    double timeout = number("score.decode-timeout");
    if (!(timeout > 0 && timeout < LONGEST_TIMEOUT)) {
      throw invalid("score.decode-timeout", "must be above 0 seconds");
    }

    return new ScoreSetup(
        reward,
        choice("score.interpolation", Interpolation.class),
        choice("precision", Precision.class),
        frames(reward.segments()),
        whole("score.batch", 0),
        whole("threads", 0),
        whole("score.decode-threads", 0),
        timeout);
  }

  private FrameChoice frames(int segments) {
    int every = whole("score.every", 1);
    return switch (text("score.frame-choice")) {
      case "middle" -> new FrameChoice.Middle(segments);
      case "first" -> new FrameChoice.First(segments);
      case "random" -> new FrameChoice.Random(segments, seed());
      case "every" -> new FrameChoice.Every(every);
      case "all" -> new FrameChoice.Every(1);
      default ->
          throw invalid("score.frame-choice", "must be one of middle, first, random, every, all");
    };
  }

  private String text(String key) {
    return given.getOrDefault(key, DEFAULTS.get(key)).strip();
  }

  private Map<String, String> map(String section) {
    Map<String, String> map = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(section)) {
            map.put(key.substring(section.length()), value.strip());
          }
        });
    return map;
  }

  private int whole(String key, int least) {
    try {
      int value = Integer.parseInt(text(key));
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(key, "must be a whole number");
    }

    throw invalid(key, "must be at least " + least);
  }

  private long seed() {
    try {
      return Long.parseLong(text("seed"));
    } catch (NumberFormatException e) {
      throw invalid("seed", "must be a whole number");
    }
  }

  private double number(String key) {
    try {
      return Double.parseDouble(text(key));
    } catch (NumberFormatException e) {
      throw invalid(key, "must be a number");
    }
  }

  private <E extends Enum<E>> E choice(String key, Class<E> type) {
    List<E> all = Arrays.asList(type.getEnumConstants());
    return all.stream()
        .filter(constant -> name(constant).equals(text(key)))
        .findFirst()
        .orElseThrow(
            () -> invalid(key, "must be one of " + all.stream().map(ScoreSettings::name).toList()));
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private InvalidInputException invalid(String key, String remedy) {
    return InvalidInputException.of("Invalid %s%s: %s; %s", prefix, key, text(key), remedy);
  }
}
