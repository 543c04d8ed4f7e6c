package instructvideo.job.report;

import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Reward;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An evaluation.
 *
 * @param directory of its summary, which the names of its videos begin at
 * @param look the round after which the run itself made it; empty if {@code evaluate} did
 */
public record EvaluationFacts(String directory, EvaluationSummary summary, Optional<Integer> look) {

  private static final double CONFIDENCE = 0.95;

  /**
   * One table of an adapter: prompts and length of the chain.
   *
   * @param set of prompts
   */
  record View(String adapter, String set, int ddimSteps) {

    boolean has(Comparison one) {
      return one.adapter().equals(adapter) && one.set().equals(set) && one.ddimSteps() == ddimSteps;
    }
  }

  /** Those compared with the model alone. */
  List<Adapter> adapters() {
    return summary.adapters().stream()
        .filter(adapter -> !adapter.name().equals(EvaluationSummary.BASE))
        .toList();
  }

  /** Of an adapter, all prompts together first, else in the order of the summary. */
  List<View> views(String adapter) {
    return summary.comparisons().stream()
        .filter(one -> one.adapter().equals(adapter))
        .map(one -> new View(adapter, one.set(), one.ddimSteps()))
        .distinct()
        .sorted(Comparator.comparing(view -> !view.set.equals(EvaluationSummary.ALL))) // stable
        .toList();
  }

  /** Of a view, in the order of the summary. */
  List<Comparison> comparisons(View view) {
    return summary.comparisons().stream().filter(view::has).toList();
  }

  Optional<Comparison> find(View view, String metric) {
    return summary.find(view.set, view.ddimSteps, view.adapter, metric);
  }

  /** Whether the adapters were trained on a reward; empty if that is not known. */
  Optional<Boolean> isTrained(String reward) {
    return summary.rewards().stream()
        .filter(one -> one.name().equals(reward))
        .findFirst()
        .map(Reward::trained);
  }

  /** The reward that training raised, else the only one or the first. */
  Optional<String> mainReward() {
    List<Reward> rewards = summary.rewards();
    return rewards.stream()
        .filter(reward -> Boolean.TRUE.equals(reward.trained()))
        .findFirst()
        .or(() -> rewards.stream().filter(reward -> reward.trained() == null).findFirst())
        .map(Reward::name);
  }

  /** Of the intervals, such as 0.95. */
  double confidence() {
    if (summary.settings() == null) {
      return CONFIDENCE;
    }

    return summary.settings().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("confidence"))
        .map(Map.Entry::getValue)
        .filter(value -> value.matches("0\\.\\d+"))
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElse(CONFIDENCE);
  }
}
