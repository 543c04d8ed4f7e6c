package instructvideo.job.report;

import instructvideo.job.Durations;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.html.Figures;
import instructvideo.job.report.EvaluationFacts.View;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The few figures below the verdict. */
final class SummaryTiles {

  private static final int MAX_METRICS = 5;

  private SummaryTiles() {}

  static String html(ReportFacts facts) {
    List<String> tiles = new ArrayList<>();
    facts.evaluation().ifPresent(evaluation -> tiles.addAll(metrics(evaluation, facts.run())));
    facts.run().ifPresent(run -> tiles.addAll(run(run)));
    return "<dl class=\"tiles\">\n" + String.join("", tiles) + "</dl>\n";
  }

  private static List<String> metrics(EvaluationFacts evaluation, Optional<RunFacts> run) {
    List<String> tiles = new ArrayList<>();
    EvaluationVerdict.mainView(evaluation, run)
        .ifPresent(
            view ->
                names(evaluation, view).stream()
                    .limit(MAX_METRICS)
                    .forEach(
                        name ->
                            evaluation
                                .find(view, name)
                                .ifPresent(one -> tiles.add(tile(evaluation, one)))));
    return tiles;
  }

  /** The trained reward, the others, motion, diversity. */
  private static Set<String> names(EvaluationFacts evaluation, View view) {
    Set<String> names = new LinkedHashSet<>();
    evaluation.mainReward().ifPresent(names::add);
    evaluation.comparisons(view).stream()
        .map(Comparison::metric)
        .filter(name -> !evaluation.isTrained(name).orElse(true))
        .limit(2)
        .forEach(names::add);
    names.addAll(Measures.LIMITED);
    return names;
  }

  private static String tile(EvaluationFacts evaluation, Comparison one) {
    String kind =
        evaluation
            .isTrained(one.metric())
            .map(trained -> trained ? "trained reward " : "held-out reward ")
            .orElse("");
    int decimals = ComparisonSection.decimals(one);
    int fewer = Math.max(0, decimals - 1);
    return Markup.tile(
        kind + one.metric(),
        Figures.text(one.base().mean(), fewer) + " → " + Figures.text(one.tuned().mean(), fewer),
        change(one.difference(), decimals));
  }

  private static String change(Difference difference, int decimals) {
    String mean = Figures.signed(difference.mean(), decimals);
    return difference.low() == null || difference.high() == null
        ? mean
        : "%s (%s to %s)"
            .formatted(
                mean,
                Figures.text(difference.low(), decimals),
                Figures.text(difference.high(), decimals));
  }

  private static List<String> run(RunFacts run) {
    List<RoundFigures> rounds = run.rounds();
    int last = rounds.get(rounds.size() - 1).round();
    String planned = run.setting("train.rounds").orElse("");
    String value =
        planned.isEmpty() || planned.equals(String.valueOf(last))
            ? String.valueOf(last)
            : last + " of " + planned;
    double seconds = rounds.stream().mapToDouble(round -> round.count(RoundFigures.SECONDS)).sum();
    double samples = rounds.stream().mapToDouble(round -> round.count(RoundFigures.SAMPLES)).sum();
    List<String> tiles = new ArrayList<>();
    tiles.add(
        Markup.tile(
            "rounds", value, "%.0f samples, %s".formatted(samples, Durations.text(seconds))));
    RoundFigures first = rounds.get(0);
    int decimals = Figures.decimals(first.get(RoundFigures.REWARD));
    RoundFigures end = rounds.get(rounds.size() - 1);
    tiles.add(
        Markup.tile(
            "reward while training",
            Figures.text(first.get(RoundFigures.REWARD), decimals)
                + " → "
                + Figures.text(end.get(RoundFigures.REWARD), decimals),
            "first and last round"));
    return tiles;
  }
}
