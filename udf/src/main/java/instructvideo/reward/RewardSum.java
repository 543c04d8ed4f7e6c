package instructvideo.reward;

import instructvideo.error.InvalidInputException;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A weighted sum of rewards, such as 0.7*hpsv2+0.3*aesthetic.
 *
 * @param name as the scores of the sum are called
 * @param terms the factor of each reward, in the order in which they were typed
 */
public record RewardSum(String name, Map<String, Double> terms) implements Serializable {

  public RewardSum {
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /** A reward alone, under its own name. */
  public static RewardSum of(String reward) {
    return new RewardSum(reward, Map.of(reward, 1.0));
  }

  /**
   * Reads a sum: terms with + or - between them, each a reward's name, which NUMBER* may stand
   * before. A reward that comes twice counts twice.
   *
   * @param rewards names that may be in it; they may hold any characters
   * @throws InvalidInputException naming what is none of them
   */
  public static RewardSum parse(String name, String expression, Collection<String> rewards) {
    return new RewardSum(name, new Parser(name, expression, rewards).terms());
  }

  /**
   * The sum of scores.
   *
   * @param score of a term, by its name
   */
  public double apply(ToDoubleFunction<String> score) {
    double sum = 0;
    for (Map.Entry<String, Double> term : terms.entrySet()) {
      sum += term.getValue() * score.applyAsDouble(term.getKey());
    }

    return sum;
  }

  /** Reads terms from the left to the right. */
  private static final class Parser {

    private static final Pattern SIGN = Pattern.compile("\\s*([+-])\\s*");
    private static final Pattern SPACE = Pattern.compile("\\s*");
    private static final Pattern FACTOR =
        Pattern.compile("(\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+(?:[eE][+-]?\\d+)?)\\s*\\*\\s*");

    private final String sum;
    private final String text;
    private final Collection<String> rewards;
    private final Matcher matcher;
    private int position;

    Parser(String sum, String text, Collection<String> rewards) {
      this.sum = sum;
      this.text = text;
      this.rewards = rewards;
      matcher = SPACE.matcher(text);
    }

    Map<String, Double> terms() {
      Map<String, Double> terms = new LinkedHashMap<>();
      take(SPACE);
      do {
        Optional<String> sign = take(SIGN);
        if (sign.isEmpty() && !terms.isEmpty()) {
          throw invalid("+ or - is missing before \"%s\"".formatted(text.substring(position)));
        }

        double factor = take(FACTOR).map(Double::parseDouble).orElse(1.0);
        String reward = reward();
        terms.merge(reward, sign.orElse("+").equals("-") ? -factor : factor, Double::sum);
        take(SPACE);
      } while (position < text.length());
      return terms;
    }

    /** The longest that stands here: a-b, if that is a reward, and not a. */
    private String reward() {
      String found =
          rewards.stream()
              .filter(reward -> !reward.isEmpty() && text.startsWith(reward, position))
              .filter(reward -> isEnd(position + reward.length()))
              .max(Comparator.comparingInt(String::length))
              .orElseThrow(this::unknown);
      position += found.length();
      return found;
    }

    private boolean isEnd(int at) {
      return at == text.length() || " \t+-".indexOf(text.charAt(at)) >= 0;
    }

    /** The group that a pattern finds here, which is skipped. */
    private Optional<String> take(Pattern pattern) {
      matcher.usePattern(pattern).region(position, text.length());
      if (!matcher.lookingAt()) {
        return Optional.empty();
      }

      position = matcher.end();
      return Optional.of(matcher.groupCount() == 0 ? "" : matcher.group(1));
    }

    private InvalidInputException unknown() {
      int end = position;
      while (!isEnd(end)) {
        end++;
      }

      String what = text.substring(position, end);
      return invalid(
          "\"%s\" is none of the given rewards (%s)".formatted(what, String.join(", ", rewards)));
    }

    private InvalidInputException invalid(String reason) {
      String named = sum.equals(text) ? sum : sum + "=" + text;
      return InvalidInputException.of(
          "Invalid sum of rewards %s: %s; write it like 0.7*hpsv2+0.3*aesthetic", named, reason);
    }
  }
}
