package instructvideo.job.demo;

import instructvideo.job.demo.CompareRun.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Outcomes as a table for people: a line for each variant, the reward's gain of each seed. */
final class CompareTable {

  private CompareTable() {}

  static String text(List<Outcome> outcomes) {
    Map<String, List<Outcome>> byVariant =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(Outcome::variant, LinkedHashMap::new, Collectors.toList()));
    int width = byVariant.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    String head = "%-" + Math.max(width, 7) + "s  %-26s %8s %9s %9s %7s %7s %7s %9s%n";
    text.append(
        head.formatted(
            "variant",
            "reward gain of each seed",
            "mean",
            "held-out",
            "error",
            "shape",
            "colour",
            "motion",
            "seconds"));
    byVariant.forEach(
        (variant, seeds) ->
            text.append(
                head.formatted(
                    variant,
                    seeds.stream().map(o -> signed(o.reward())).collect(Collectors.joining(" ")),
                    mean(seeds, Outcome::reward),
                    mean(seeds, Outcome::heldOut),
                    mean(seeds, Outcome::error),
                    mean(seeds, Outcome::shape),
                    mean(seeds, Outcome::colour),
                    mean(seeds, Outcome::motion),
                    "%.0f"
                        .formatted(
                            seeds.stream().mapToDouble(Outcome::seconds).average().orElse(0)))));
    return text.toString();
  }

  private static String mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    return signed(outcomes.stream().mapToDouble(figure).average().orElse(Double.NaN));
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.3f", value);
  }
}
