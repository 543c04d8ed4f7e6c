package instructvideo.job.report;

import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.job.html.Figures;
import instructvideo.job.report.EvaluationFacts.View;
import instructvideo.job.run.GuardRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The verdict on an evaluation: the trained reward has to rise by more than chance, and what an
 * image reward does not see (motion, diversity, other rewards) must not pay for it.
 */
final class EvaluationVerdict {

  /** As reference.conf has it for the guard; used where no guard's log says others. */
  private static final double MAX_DROP = 0.3;

  /** Of a held-out reward: this share of its base value, or of its deviation if that is more. */
  private static final double MAX_REWARD_DROP = 0.1;

  private final EvaluationFacts evaluation;
  private final Optional<RunFacts> run;
  private final View view;

  private EvaluationVerdict(EvaluationFacts evaluation, Optional<RunFacts> run, View view) {
    this.evaluation = evaluation;
    this.run = run;
    this.view = view;
  }

  /** Of the first adapter; others, other prompts and lengths of the chain are told in a line. */
  static Verdict of(EvaluationFacts evaluation, Optional<RunFacts> run) {
    List<String> more = new ArrayList<>();
    Verdict first = null;
    for (Adapter adapter : evaluation.adapters()) {
      List<View> views = views(evaluation, run, adapter.name());
      for (View view : views) {
        Verdict one = new EvaluationVerdict(evaluation, run, view).verdict();
        if (first == null) {
          first = one;
        } else if (view.equals(views.get(0)) || one.kind() != first.kind()) {
          more.add("%s: %s".formatted(name(evaluation, view), one.line()));
        }
      }
    }

    return first == null ? nothing() : with(first, evaluation, run, more);
  }

  private static Verdict with(
      Verdict first, EvaluationFacts evaluation, Optional<RunFacts> run, List<String> others) {
    List<String> more = new ArrayList<>(first.more());
    more.addAll(others);
    run.flatMap(RunFacts::guard)
        .filter(GuardRecord::isStopped)
        .ifPresent(guard -> more.add("The guard stopped it. " + RunVerdict.stopped(guard)));
    evaluation
        .look()
        .ifPresent(round -> more.add("This is the run's own look after round " + round + "."));
    return new Verdict(first.kind(), first.text(), more);
  }

  private static Verdict nothing() {
    return new Verdict(
        Verdict.Kind.NOT_EVALUATED,
        "The evaluation has no comparison.",
        List.of("Look at its failures below."));
  }

  /** The table that the verdict is on. */
  static Optional<View> mainView(EvaluationFacts evaluation, Optional<RunFacts> run) {
    return evaluation.adapters().stream()
        .flatMap(adapter -> views(evaluation, run, adapter.name()).stream())
        .findFirst();
  }

  /** All prompts together first, and the length of the chain that was trained with. */
  private static List<View> views(
      EvaluationFacts evaluation, Optional<RunFacts> run, String adapter) {
    String steps = run.flatMap(facts -> facts.setting("sampler.ddim-steps")).orElse("");
    List<View> views = new ArrayList<>(evaluation.views(adapter));
    if (!views.isEmpty()) {
      String set = views.get(0).set();
      views.sort(
          Comparator.comparing((View view) -> !view.set().equals(set))
              .thenComparing(view -> !String.valueOf(view.ddimSteps()).equals(steps)));
    }

    return views;
  }

  private static String name(EvaluationFacts evaluation, View view) {
    String where = "%s, %d steps".formatted(view.set(), view.ddimSteps());
    return evaluation.adapters().size() == 1 ? where : view.adapter() + ", " + where;
  }

  private Verdict verdict() {
    Optional<Comparison> found =
        evaluation.mainReward().flatMap(name -> evaluation.find(view, name));
    if (found.isEmpty()) {
      return new Verdict(
          Verdict.Kind.NOT_EVALUATED,
          "No reward scored these videos; the measures are below.",
          List.of("Give evaluate a --reward."));
    }

    Comparison reward = found.get();
    List<String> costs = costs();
    List<String> gains = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    others(gains, losses);
    List<String> more = new ArrayList<>(List.of(pairs(reward)));
    return new Verdict(
        kind(reward.difference(), costs, losses), text(reward, costs, losses, gains), more);
  }

  private static Verdict.Kind kind(Difference difference, List<String> costs, List<String> losses) {
    if (difference.low() == null || difference.high() == null) {
      return Verdict.Kind.TOO_LITTLE;
    }

    if (difference.low() > 0) {
      return !costs.isEmpty()
          ? Verdict.Kind.GAMED
          : losses.isEmpty() ? Verdict.Kind.BETTER : Verdict.Kind.MIXED;
    }

    return difference.high() < 0 || !costs.isEmpty()
        ? Verdict.Kind.WORSE
        : Verdict.Kind.NO_DIFFERENCE;
  }

  private String text(
      Comparison reward, List<String> costs, List<String> losses, List<String> gains) {
    String first = "%s %s%s".formatted(called(reward.metric()), moved(reward), over(reward));
    List<String> against = new ArrayList<>(costs);
    against.addAll(losses);
    boolean rose = reward.difference().low() != null && reward.difference().low() > 0;
    String but = against.isEmpty() ? "" : (rose ? ", but " : ", and ") + Phrases.joined(against);
    List<String> sentences = new ArrayList<>(List.of(first + but));
    sentences.addAll(gains);
    List<String> kept = kept();
    if (!kept.isEmpty()) {
      sentences.add(Phrases.joined(kept));
    }

    return sentences.stream()
        .map(sentence -> Phrases.capital(sentence) + ".")
        .collect(Collectors.joining(" "));
  }

  private String over(Comparison reward) {
    String prompts = reward.prompts() == 1 ? "1 prompt" : reward.prompts() + " prompts";
    return " over " + prompts + (evaluation.look().isPresent() ? " not trained on" : "");
  }

  /** What fell further than a guard allows. */
  private List<String> costs() {
    List<String> costs = new ArrayList<>();
    for (String measure : Measures.LIMITED) {
      evaluation
          .find(view, measure)
          .filter(one -> one.ratio() != null && one.ratio() < 1 - limit(measure, MAX_DROP))
          .ifPresent(one -> costs.add(fell(one)));
    }

    for (Comparison one : otherRewards()) {
      if (isCertain(one, -1) && -one.difference().mean() > allowed(one)) {
        costs.add("%s %s".formatted(called(one.metric()), moved(one)));
      }
    }

    return costs;
  }

  private String fell(Comparison one) {
    return "%s fell by %s (limit %s)"
        .formatted(
            one.metric(),
            Figures.percent(1 - one.ratio()),
            Figures.percent(limit(one.metric(), MAX_DROP)));
  }

  private double allowed(Comparison reward) {
    double deviation = reward.base().std() == null ? 0 : reward.base().std();
    return limit("reward", MAX_REWARD_DROP) * Math.max(Math.abs(reward.base().mean()), deviation);
  }

  private double limit(String name, double standard) {
    return run.flatMap(RunFacts::guard)
        .map(guard -> guard.limit(name).orElse(standard))
        .orElse(standard);
  }

  /** Other rewards that changed by more than chance, but not so far as to be a cost. */
  private void others(List<String> gains, List<String> losses) {
    for (Comparison one : otherRewards()) {
      String text = "%s %s".formatted(called(one.metric()), moved(one));
      if (isCertain(one, 1)) {
        gains.add(text);
      } else if (isCertain(one, -1) && -one.difference().mean() <= allowed(one)) {
        losses.add(text);
      }
    }
  }

  private List<String> kept() {
    List<String> kept = new ArrayList<>();
    for (String measure : Measures.LIMITED) {
      evaluation
          .find(view, measure)
          .filter(one -> one.ratio() != null && one.ratio() >= 1 - limit(measure, MAX_DROP))
          .ifPresent(
              one ->
                  kept.add(
                      "%s is %s of the base's".formatted(measure, Figures.percent(one.ratio()))));
    }

    return kept;
  }

  private List<Comparison> otherRewards() {
    String main = evaluation.mainReward().orElse("");
    return evaluation.comparisons(view).stream()
        .filter(one -> one.kind() == Kind.REWARD && !one.metric().equals(main))
        .filter(one -> !evaluation.isTrained(one.metric()).orElse(false))
        .toList();
  }

  private static boolean isCertain(Comparison one, int sign) {
    return one.difference().isCertain() && Math.signum(one.difference().mean()) == sign;
  }

  private String called(String reward) {
    return evaluation
        .isTrained(reward)
        .map(trained -> (trained ? "the trained reward " : "the held-out reward ") + reward)
        .orElse("the reward " + reward);
  }

  private String moved(Comparison one) {
    return Phrases.moved(one.difference(), evaluation.confidence());
  }

  private String pairs(Comparison reward) {
    String missing =
        reward.missing() == 0
            ? ""
            : " %d pairs are missing and left out.".formatted(reward.missing());
    return "%d pairs of videos of %d prompts (%s, %d steps) from equal noise; the tuned one scores higher in %s.%s"
        .formatted(
            reward.videos(),
            reward.prompts(),
            view.set(),
            view.ddimSteps(),
            Figures.percent(reward.winRate()),
            missing);
  }
}
