package instructvideo.job.report;

import instructvideo.job.html.Figures;
import instructvideo.job.report.Verdict.Kind;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The verdict on a run of which no comparison is there: what its guard and its curve say. */
final class RunVerdict {

  /** Standard errors that a difference must have to be called one. */
  private static final double ERRORS = 2;

  private RunVerdict() {}

  static Verdict of(RunFacts run) {
    return run.guard()
        .filter(guard -> guard.isStopped() || guard.chosen().isPresent())
        .map(guard -> of(guard, run.trainedRewards()))
        .orElseGet(() -> ofCurve(run.rounds()));
  }

  private static Verdict of(GuardRecord guard, Set<String> trained) {
    List<String> more = new ArrayList<>();
    Optional<Look> look = guard.chosen();
    Kind kind = look.map(chosen -> kind(guard, chosen, trained)).orElse(Kind.NOT_EVALUATED);
    look.ifPresent(chosen -> more.addAll(changes(guard, chosen, trained)));
    more.add(
        "This is from the run's own looks at held-out prompts; evaluate compares pairs and gives"
            + " intervals.");
    if (guard.isStopped()) {
      return new Verdict(Kind.STOPPED, stopped(guard), more);
    }

    String text =
        switch (kind) {
          case BETTER -> "The trained reward rose on held-out prompts, and no limit was passed.";
          case GAMED -> "The trained reward rose, but a limit was passed: " + broken(look) + ".";
          case WORSE -> "The trained reward fell on held-out prompts, or a limit was passed.";
          default -> "The trained reward on held-out prompts changed no more than chance does.";
        };
    return new Verdict(kind, text, more);
  }

  /** Such as "Training ended after round 12 ...". */
  static String stopped(GuardRecord guard) {
    String reason = guard.reason() == null ? "." : ", because " + withoutEnd(guard.reason()) + ".";
    String text = "Training ended after round %d%s".formatted(guard.stoppedAfter(), reason);
    return guard.best() == null
        ? text
        : text
            + " The best checkpoint is round %d%s."
                .formatted(
                    guard.best().round(), guard.best().round() == 0 ? ", the model alone" : "");
  }

  private static Kind kind(GuardRecord guard, Look look, Set<String> trained) {
    Optional<String> reward = reward(look, trained);
    Optional<Look> base = guard.base();
    if (reward.isEmpty() || base.isEmpty()) {
      return Kind.NOT_EVALUATED;
    }

    double change = look.value(reward.get()) - base.get().value(reward.get());
    double error = Math.hypot(look.error(reward.get()), base.get().error(reward.get()));
    boolean certain = Double.isNaN(error) || Math.abs(change) > ERRORS * error;
    if (certain && change > 0) {
      return !look.holds() ? Kind.GAMED : Kind.BETTER;
    }

    return (certain && change < 0) || !look.holds() ? Kind.WORSE : Kind.NO_DIFFERENCE;
  }

  private static Optional<String> reward(Look look, Set<String> trained) {
    return trained.stream().filter(name -> !Double.isNaN(look.value(name))).findFirst();
  }

  private static String broken(Optional<Look> look) {
    return look.filter(one -> !one.holds()).map(one -> String.join("; ", one.broken())).orElse("");
  }

  private static List<String> changes(GuardRecord guard, Look look, Set<String> trained) {
    List<String> changes = new ArrayList<>();
    Optional<Look> base = guard.base();
    if (base.isPresent() && look.metrics() != null) {
      look.metrics()
          .forEach(
              (name, value) -> {
                double before = base.get().value(name);
                if (trained.contains(name) || !Measures.isMeasure(name)) {
                  changes.add(
                      "Round %d: %s reward %s %s, the model alone %s."
                          .formatted(
                              look.round(),
                              trained.contains(name) ? "trained" : "held-out",
                              name,
                              Figures.text(value),
                              Figures.text(before)));
                }
              });
    }

    return changes;
  }

  private static Verdict ofCurve(List<RoundFigures> rounds) {
    List<String> more =
        List.of(
            "That reward is what training raises, on the clips that it trains on: it says nothing"
                + " about other prompts, nor whether the videos are better.",
            "Train with --eval-prompts to have the run watched, or compare its adapter with the"
                + " model by evaluate.");
    double first = mean(rounds.subList(0, Math.min(window(rounds), rounds.size())));
    double last = mean(rounds.subList(rounds.size() - window(rounds), rounds.size()));
    String text =
        rounds.size() == 1
            ? "Only the training reward of one round is known: %s.".formatted(Figures.text(first))
            : "Only the training reward is known: %s in the first rounds, %s in the last."
                .formatted(Figures.text(first), Figures.text(last));
    return new Verdict(Kind.NOT_EVALUATED, text, more);
  }

  /** Rounds at either end that are averaged: a fifth, at least one. */
  private static int window(List<RoundFigures> rounds) {
    return Math.max(1, rounds.size() / 5);
  }

  private static double mean(List<RoundFigures> rounds) {
    return rounds.stream()
        .mapToDouble(round -> round.get(RoundFigures.REWARD))
        .average()
        .orElse(Double.NaN);
  }

  private static String withoutEnd(String sentence) {
    return sentence.strip().replaceAll("\\.$", "");
  }
}
