package instructvideo.reward;

import instructvideo.error.InvalidInputException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code --reward} takes: NAME=PATH; NAME alone, of a class on the class path; SUM or NAME=SUM
 * of other rewards, such as 0.7*hpsv2+0.3*aesthetic.
 *
 * @param checkpoints URI of each reward's weights by its name, empty where only the name is given
 * @param sums of rewards, by the name of each
 */
public record RewardArguments(Map<String, String> checkpoints, Map<String, String> sums) {

  /** Begins a sum, and no path that anybody has. */
  private static final Pattern FACTOR =
      Pattern.compile("^\\s*[+-]?\\s*(\\d+\\.?\\d*|\\.\\d+)\\s*\\*.*");

  private static final Pattern OPERATOR = Pattern.compile("[*+]");

  /**
   * Reads the arguments.
   *
   * @throws InvalidInputException if one is empty or has no name
   */
  public static RewardArguments parse(List<String> arguments) {
    Set<String> names = names(arguments);
    Map<String, String> checkpoints = new LinkedHashMap<>();
    Map<String, String> sums = new LinkedHashMap<>();
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
        sums.put(value.replaceAll("\\s", ""), value);
      } else if (equals < 0) {
        checkpoints.putIfAbsent(value.strip(), "");
      } else if (isSum(value, names, FACTOR.matcher(value).matches())) {
        sums.put(name, value);
      } else {
        checkpoints.put(name, value);
      }
    }

    return new RewardArguments(checkpoints, sums);
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
