package instructvideo.job.report;

import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.evaluate.EvaluationSummary.Extreme;
import instructvideo.job.evaluate.EvaluationSummary.Failure;
import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.job.evaluate.EvaluationSummary.Moments;
import instructvideo.job.evaluate.EvaluationSummary.Reward;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Evaluations made up for tests: of one adapter, "run". */
public final class SampleEvaluation {

  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<Reward> rewards = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Extreme> extremes = new ArrayList<>();
  private String set = "animals";
  private int steps = 20;

  /** The comparisons that follow are of these. */
  public SampleEvaluation view(String newSet, int newSteps) {
    set = newSet;
    steps = newSteps;
    return this;
  }

  /** A reward whose base value is 0.25 +- 0.05. */
  public SampleEvaluation reward(
      String name, Boolean trained, double mean, Double low, Double high) {
    if (rewards.stream().noneMatch(reward -> reward.name().equals(name))) {
      rewards.add(new Reward(name, "id-" + name, trained));
    }

    Moments base = new Moments(0.25, 0.05);
    Moments tuned = new Moments(0.25 + mean, 0.05);
    Difference difference = new Difference(mean, low, high);
    add(Kind.REWARD, name, base, tuned, difference);
    return this;
  }

  /** A measure whose base value is 0.04. */
  public SampleEvaluation measure(String name, double ratio) {
    double mean = 0.04 * (ratio - 1);
    Difference difference = new Difference(mean, mean - 0.001, mean + 0.001);
    add(Kind.MEASURE, name, new Moments(0.04, 0.01), new Moments(0.04 * ratio, 0.01), difference);
    return this;
  }

  private void add(Kind kind, String name, Moments base, Moments tuned, Difference difference) {
    List<Extreme> gained = kind == Kind.REWARD ? List.copyOf(extremes) : List.of();
    int prompts = difference.low() == null ? 1 : 24;
    comparisons.add(
        new Comparison(
            set,
            steps,
            "run",
            kind,
            name,
            2 * prompts,
            prompts,
            0,
            base,
            tuned,
            difference,
            tuned.mean() / base.mean(),
            0.75,
            gained,
            List.of()));
  }

  /** A prompt that the rewards that follow name. */
  public SampleEvaluation extreme(String prompt, String before, String after) {
    String id = "p%06d".formatted(extremes.size());
    extremes.add(new Extreme(set, id, prompt, 0.1, 0.2, 0.3, before, after));
    return this;
  }

  /** A video without values. */
  public SampleEvaluation failure(String uri, String error) {
    failures.add(new Failure("key", uri, error));
    return this;
  }

  /** What evaluate would write. */
  public EvaluationSummary summary() {
    return new EvaluationSummary(
        EvaluationSummary.FORMAT,
        "model",
        List.of(
            new Adapter(EvaluationSummary.BASE, null, null, null, null),
            new Adapter("run", "runs/first", "id-run", 1.0, 8)),
        rewards,
        "hpsv2",
        new TreeMap<>(Map.of("seed", "0", "evaluate.confidence", "0.95")),
        comparisons,
        List.of(),
        96,
        failures,
        new TreeMap<>(Map.of("motion", "How much neighbouring frames differ.")));
  }

  ReportFacts facts(Optional<RunFacts> run) {
    return new ReportFacts(
        run, Optional.of(new EvaluationFacts("evaluation", summary(), Optional.empty())));
  }

  ReportFacts facts() {
    return facts(Optional.empty());
  }
}
