package instructvideo.job.evaluate;

import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.evaluate.EvaluationSummary.Extreme;
import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.job.evaluate.EvaluationSummary.Moments;
import instructvideo.job.evaluate.EvaluationSummary.Reward;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A summary as the console shows it. */
final class EvaluationTable {

  private static final int LONGEST_NAME = 12;
  private static final int LONGEST_PROMPT = 60;

  private EvaluationTable() {}

  /** The tables, the prompts that gained and lost most, and the verdict. */
  static String text(EvaluationSummary summary) {
    StringBuilder text = new StringBuilder();
    List<String> adapters =
        summary.comparisons().stream().map(Comparison::adapter).distinct().toList();
    for (String adapter : adapters) {
      text.append(
          "Adapter %s; rewards (* trained on), mean +- standard deviation over videos%n"
              .formatted(adapter));
      text.append(table(summary, adapter, Kind.REWARD)).append('\n');
      text.append("Adapter %s; measures of the same videos%n".formatted(adapter));
      text.append(table(summary, adapter, Kind.MEASURE)).append('\n');
    }

    if (!summary.features().isEmpty()) {
      text.append("Image features are those of %s.%n".formatted(summary.features()));
    }

    extremes(summary, text);
    summary.verdict().forEach(line -> text.append(line).append('\n'));
    int failed = summary.failures().size();
    if (failed > 0) {
      text.append(
          "%d videos have no values, their pairs are left out; the first: %s%n"
              .formatted(failed, summary.failures().get(0).error()));
    }

    return text.toString();
  }

  private static String table(EvaluationSummary summary, String adapter, Kind kind) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("set", "metric", "steps", "n", "base", "tuned", "difference", "ratio", "wins"));
    for (Comparison one : summary.comparisons()) {
      if (one.adapter().equals(adapter) && one.kind() == kind) {
        rows.add(row(one, summary.rewards()));
      }
    }

    return aligned(rows);
  }

  private static List<String> row(Comparison one, List<Reward> rewards) {
    boolean isTrained =
        rewards.stream()
            .anyMatch(
                reward ->
                    reward.name().equals(one.metric()) && Boolean.TRUE.equals(reward.trained()));
    return List.of(
        cut(one.set(), LONGEST_NAME),
        cut(one.metric(), LONGEST_NAME) + (one.kind() == Kind.REWARD && isTrained ? "*" : ""),
        String.valueOf(one.ddimSteps()),
        String.valueOf(one.videos()),
        moments(one.base()),
        moments(one.tuned()),
        format("%+.4f", one.difference().mean()) + interval(one.difference()),
        one.ratio() == null ? "-" : format("%.2f", one.ratio()),
        format("%.0f %%", 100 * one.winRate()));
  }

  /** Columns two spaces apart; text to the left, numbers to the right. */
  private static String aligned(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }

    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        boolean isText = i < 2;
        line.append(("%" + (isText ? "-" : "") + widths[i] + "s  ").formatted(row.get(i)));
      }

      text.append(line.toString().stripTrailing()).append('\n');
    }

    return text.toString();
  }

  /** Of the first reward, at the first number of steps, of all sets together. */
  private static void extremes(EvaluationSummary summary, StringBuilder text) {
    for (Comparison one : summary.comparisons()) {
      boolean isWidest =
          one.set().equals(EvaluationSummary.ALL)
              || summary.comparisons().stream()
                  .noneMatch(other -> other.set().equals(EvaluationSummary.ALL));
      if (isWidest && one.kind() == Kind.REWARD) {
        one.gained().stream().limit(1).forEach(prompt -> extreme("Gained", one, prompt, text));
        one.lost().stream().limit(1).forEach(prompt -> extreme("Lost", one, prompt, text));
      }
    }
  }

  private static void extreme(String what, Comparison one, Extreme prompt, StringBuilder text) {
    text.append(
        "%s most in %s (%s, %d steps): %s  %s%n"
            .formatted(
                what,
                one.metric(),
                one.adapter(),
                one.ddimSteps(),
                format("%+.4f", prompt.difference()),
                cut(prompt.prompt(), LONGEST_PROMPT)));
  }

  private static String moments(Moments moments) {
    return format("%.4f", moments.mean())
        + (moments.std() == null ? "" : format(" +- %.4f", moments.std()));
  }

  /** With a space in front; empty of a single prompt. */
  static String interval(Difference difference) {
    return difference.low() == null
        ? ""
        : " [%s, %s]"
            .formatted(format("%+.4f", difference.low()), format("%+.4f", difference.high()));
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "\u2026";
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
