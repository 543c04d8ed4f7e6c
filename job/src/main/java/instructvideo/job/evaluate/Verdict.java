package instructvideo.job.evaluate;

import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.job.evaluate.EvaluationSummary.Reward;
import instructvideo.measure.Measure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What comparisons come to, in sentences; of all sets together where there are several. */
final class Verdict {

  /** A smaller change of a measure is not worth a sentence. */
  private static final double NOTABLE = 0.1;

  private Verdict() {}

  static List<String> of(List<Comparison> comparisons, List<Reward> rewards) {
    Map<String, Boolean> trained = new HashMap<>();
    rewards.forEach(reward -> trained.put(reward.name(), reward.trained()));
    boolean hasAll = comparisons.stream().anyMatch(one -> one.set().equals(EvaluationSummary.ALL));
    Map<List<Object>, List<Comparison>> groups =
        comparisons.stream()
            .filter(one -> !hasAll || one.set().equals(EvaluationSummary.ALL))
            .collect(
                Collectors.groupingBy(
                    one -> List.of(one.adapter(), one.ddimSteps()),
                    java.util.LinkedHashMap::new,
                    Collectors.toList()));
    List<String> lines = new ArrayList<>();
    groups.values().forEach(group -> lines.addAll(lines(group, trained)));
    if (rewards.size() == 1 && Boolean.TRUE.equals(rewards.get(0).trained())) {
      lines.add(
          "Only %s scored, which was trained on: a second --reward NAME=PATH that was not would tell"
                  .formatted(rewards.get(0).name())
              + " whether the videos are better or only please it.");
    }

    return lines;
  }

  /** Of one adapter and number of steps. */
  private static List<String> lines(List<Comparison> group, Map<String, Boolean> trained) {
    List<String> lines = new ArrayList<>();
    String who = "%s, %d steps: ".formatted(group.get(0).adapter(), group.get(0).ddimSteps());
    for (Comparison one : group) {
      if (one.kind() == Kind.REWARD) {
        lines.add(who + score(one, trained.get(one.metric())));
      }
    }

    boolean rose = hasChanged(group, trained, true, 1);
    boolean heldOutFell = hasChanged(group, trained, false, -1);
    if (rose && heldOutFell) {
      lines.add(
          who
              + "what was trained on rose while a held-out reward fell: it was pleased at the"
              + " videos' expense.");
    }

    List<String> measures =
        group.stream()
            .filter(one -> one.kind() == Kind.MEASURE && isNotable(one))
            .map(
                one ->
                    "%s is %s of the base's".formatted(one.metric(), format("%.2f", one.ratio())))
            .toList();
    if (!measures.isEmpty()) {
      lines.add(who + String.join(", ", measures) + ".");
    }

    if (group.stream().anyMatch(Verdict::isStill)) {
      lines.add(
          who + "less moves: a picture that stands still is a common way to please a reward.");
    }

    return lines;
  }

  private static String score(Comparison one, Boolean trained) {
    Difference difference = one.difference();
    String role = trained == null ? "" : trained ? " (trained on)" : " (held out)";
    String change =
        !difference.isCertain()
            ? "did not change beyond chance: "
            : difference.mean() > 0 ? "rose by " : "fell by ";
    double shown = difference.isCertain() ? Math.abs(difference.mean()) : difference.mean();
    return "%s%s %s%s%s; higher in %.0f %% of %d pairs."
        .formatted(
            one.metric(),
            role,
            change,
            format(difference.isCertain() ? "%.4f" : "%+.4f", shown),
            EvaluationTable.interval(difference),
            100 * one.winRate(),
            one.videos());
  }

  private static boolean hasChanged(
      List<Comparison> group, Map<String, Boolean> trained, boolean isTrained, int sign) {
    return group.stream()
        .filter(one -> one.kind() == Kind.REWARD)
        .filter(one -> trained.get(one.metric()) != null && trained.get(one.metric()) == isTrained)
        .map(Comparison::difference)
        .anyMatch(difference -> difference.isCertain() && sign * difference.mean() > 0);
  }

  private static boolean isNotable(Comparison one) {
    return one.ratio() != null
        && one.difference().isCertain()
        && Math.abs(one.ratio() - 1) >= NOTABLE;
  }

  private static boolean isStill(Comparison one) {
    return one.metric().equals(Measure.MOTION.key())
        && one.kind() == Kind.MEASURE
        && isNotable(one)
        && one.ratio() < 1;
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
