package instructvideo.job.evaluate;

import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Extreme;
import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.job.evaluate.EvaluationSummary.Moments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A metric's pairs.
 *
 * @param missing pairs that a side of is missing
 */
record PairedMetric(
    String set, int ddimSteps, String adapter, Metric metric, List<Pair> pairs, int missing) {

  /**
   * What they come to.
   *
   * @param extremes prompts that gained and lost most, at most
   * @return empty if there is no pair
   */
  Optional<Comparison> compare(Bootstrap bootstrap, int extremes) {
    if (pairs.isEmpty()) {
      return Optional.empty();
    }

    List<Extreme> prompts = metric.kind() == Kind.REWARD ? prompts() : List.of();
    Moments base = moments(Pair::base);
    Moments tuned = moments(Pair::tuned);
    return Optional.of(
        new Comparison(
            set,
            ddimSteps,
            adapter,
            metric.kind(),
            metric.name(),
            pairs.size(),
            (int)
                pairs.stream().map(pair -> List.of(pair.set(), pair.promptId())).distinct().count(),
            missing,
            base,
            tuned,
            bootstrap.difference(pairs),
            ratio(base.mean(), tuned.mean()),
            winRate(),
            prompts.stream()
                .filter(prompt -> prompt.difference() > 0)
                .sorted(Comparator.comparing(Extreme::difference).reversed())
                .limit(extremes)
                .toList(),
            prompts.stream()
                .filter(prompt -> prompt.difference() < 0)
                .sorted(Comparator.comparing(Extreme::difference))
                .limit(extremes)
                .toList()));
  }

  private Moments moments(ToDoubleFunction<Pair> side) {
    int n = pairs.size();
    double mean = pairs.stream().mapToDouble(side).sum() / n;
    double squares =
        pairs.stream().mapToDouble(side).map(value -> (value - mean) * (value - mean)).sum();
    return new Moments(mean, n < 2 ? null : Double.valueOf(Math.sqrt(squares / (n - 1))));
  }

  /** Rewards have no zero that means something, and may be negative. */
  private Double ratio(double base, double tuned) {
    return metric.kind() == Kind.REWARD || base == 0 ? null : Double.valueOf(tuned / base);
  }

  private double winRate() {
    double wins = 0;
    for (Pair pair : pairs) {
      wins += pair.tuned() > pair.base() ? 1 : pair.tuned() == pair.base() ? 0.5 : 0;
    }

    return wins / pairs.size();
  }

  /** Means over the videos of each, in their order; sorting them keeps it among equals. */
  private List<Extreme> prompts() {
    Map<List<String>, List<Pair>> byPrompt = new LinkedHashMap<>();
    pairs.forEach(
        pair ->
            byPrompt
                .computeIfAbsent(List.of(pair.set(), pair.promptId()), key -> new ArrayList<>())
                .add(pair));
    return byPrompt.values().stream().map(PairedMetric::extreme).toList();
  }

  private static Extreme extreme(List<Pair> pairs) {
    Pair first = pairs.get(0);
    double base = pairs.stream().mapToDouble(Pair::base).sum() / pairs.size();
    double tuned = pairs.stream().mapToDouble(Pair::tuned).sum() / pairs.size();
    return new Extreme(
        first.set(),
        first.promptId(),
        first.prompt(),
        tuned - base,
        base,
        tuned,
        first.baseUri(),
        first.tunedUri());
  }
}
