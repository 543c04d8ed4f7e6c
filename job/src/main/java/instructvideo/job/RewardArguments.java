package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.Settings;
import instructvideo.reward.RewardSum;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code --reward} takes: NAME=PATH; NAME alone, of a class on the class path; SUM or NAME=SUM
 * of other rewards, such as 0.7*hpsv2+0.3*aesthetic.
 */
final class RewardArguments {

  /** The key of the option. */
  static final String KEY = "reward.checkpoints";

  private static final String SUMS = "reward.sums";

  /** Begins a sum, and no path that anybody has. */
  private static final Pattern FACTOR =
      Pattern.compile("^\\s*[+-]?\\s*(\\d+\\.?\\d*|\\.\\d+)\\s*\\*.*");

  private static final Pattern OPERATOR = Pattern.compile("[*+]");

  private RewardArguments() {}

  /**
   * The keys that the arguments set.
   *
   * @throws InvalidInputException if one is empty or has no name
   */
  static Map<String, String> settings(List<String> arguments) {
    Set<String> names = names(arguments);
    Map<String, String> settings = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals == 0 || argument.isBlank()) {
        throw InvalidInputException.of(
            "Invalid --reward: %s; must be NAME=PATH, the NAME of a class on the class path, or a"
                + " sum of rewards such as 0.7*hpsv2+0.3*aesthetic",
            argument);
      }

      String name = argument.substring(0, Math.max(equals, 0)).strip();
      String value = argument.substring(equals + 1);
      if (equals < 0 && isSum(value, names, OPERATOR.matcher(value).find())) {
        settings.put(Settings.key(SUMS, value.replaceAll("\\s", "")), value);
      } else if (equals < 0) {
        settings.putIfAbsent(Settings.key(KEY, value.strip()), "");
      } else if (isSum(value, names, FACTOR.matcher(value).matches())) {
        settings.put(Settings.key(SUMS, name), value);
      } else {
        settings.put(Settings.key(KEY, name), value);
      }
    }

    return settings;
  }

  /** Those that are given here; a file may give more. */
  private static Set<String> names(List<String> arguments) {
    Set<String> names = new HashSet<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals > 0) {
        names.add(argument.substring(0, equals).strip());
      } else if (!OPERATOR.matcher(argument).find() && argument.indexOf('-') < 0) {
        names.add(argument.strip());
      }
    }

    return names;
  }

  /** Whether it looks like one, or is one of given rewards; a single name is a path or a class. */
  private static boolean isSum(String text, Set<String> names, boolean looksLikeOne) {
    if (looksLikeOne) {
      return true;
    }

    if (names.contains(text.strip())) {
      return false;
    }

    try {
      RewardSum.parse(text, text, names);
      return true;
    } catch (InvalidInputException e) {
      return false;
    }
  }
}
