package instructvideo.job.report;

import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Extreme;
import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.job.report.EvaluationFacts.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two videos of a prompt from the same noise, and why they are shown.
 *
 * @param reason such as gained most
 * @param where set, steps, and the adapter if there are several
 * @param reward whose scores these are
 * @param before the video by the model alone, as the evaluation names it
 * @param after the video with the adapter
 */
public record ClipPair(
    String reason,
    String where,
    String prompt,
    String reward,
    double base,
    double tuned,
    String before,
    String after) {

  double gain() {
    return tuned - base;
  }

  /**
   * The pairs that an evaluation names, each once: by turns from every table, those of the trained
   * reward first, the highest gain, the greatest loss, and so on.
   */
  static List<ClipPair> of(EvaluationFacts evaluation) {
    Map<String, ClipPair> pairs = new LinkedHashMap<>();
    List<List<ClipPair>> lists = new ArrayList<>();
    String main = evaluation.mainReward().orElse("");
    for (boolean isMain : new boolean[] {true, false}) {
      for (Adapter adapter : evaluation.adapters()) {
        for (View view : evaluation.views(adapter.name())) {
          evaluation.comparisons(view).stream()
              .filter(one -> one.kind() == Kind.REWARD && one.metric().equals(main) == isMain)
              .forEach(one -> lists.add(of(evaluation, one)));
        }
      }

      takeTurns(lists, pairs);
      lists.clear();
    }

    return List.copyOf(pairs.values());
  }

  private static void takeTurns(List<List<ClipPair>> lists, Map<String, ClipPair> pairs) {
    int longest = lists.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (List<ClipPair> list : lists) {
        if (i < list.size()) {
          pairs.putIfAbsent(list.get(i).after, list.get(i));
        }
      }
    }
  }

  private static List<ClipPair> of(EvaluationFacts evaluation, Comparison one) {
    List<ClipPair> pairs = new ArrayList<>();
    List<Extreme> gained = Optional.ofNullable(one.gained()).orElse(List.of());
    List<Extreme> lost = Optional.ofNullable(one.lost()).orElse(List.of());
    for (int i = 0; i < Math.max(gained.size(), lost.size()); i++) {
      if (i < gained.size()) {
        pairs.add(of(evaluation, one, gained.get(i), "gain no. %2$d in %1$s", i + 1));
      }

      if (i < lost.size()) {
        String reason =
            lost.get(i).difference() < 0 ? "loss no. %2$d in %1$s" : "least gain no. %2$d in %1$s";
        pairs.add(of(evaluation, one, lost.get(i), reason, i + 1));
      }
    }

    return pairs;
  }

  private static ClipPair of(
      EvaluationFacts evaluation, Comparison one, Extreme extreme, String reason, int place) {
    String adapter = evaluation.adapters().size() == 1 ? "" : ", " + one.adapter();
    String where = "%s, %d steps%s".formatted(extreme.set(), one.ddimSteps(), adapter);
    return new ClipPair(
        reason.formatted(one.metric(), place),
        where,
        extreme.prompt(),
        one.metric(),
        extreme.base(),
        extreme.tuned(),
        extreme.baseUri(),
        extreme.tunedUri());
  }
}
