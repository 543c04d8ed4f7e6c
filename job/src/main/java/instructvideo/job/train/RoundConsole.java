package instructvideo.job.train;

import instructvideo.job.Durations;
import instructvideo.job.run.Look;
import instructvideo.train.Phase;
import instructvideo.train.PolicyRatios;
import instructvideo.train.RoundsConfig;
import instructvideo.train.StepMetrics;
import instructvideo.train.TrainState;
import java.util.Locale;

/** One readable line a round, on the standard error. */
final class RoundConsole {

  private final RoundsConfig rounds;
  private int done;
  private double seconds;

  RoundConsole(RoundsConfig rounds) {
    this.rounds = rounds;
  }

  void begin(TrainState state) {
    if (state.round() > 0) {
      System.err.printf(
          Locale.ROOT, "Going on after round %d of %d.%n", state.round(), rounds.rounds());
    }
  }

  void look(Look look) {
    StringBuilder line = new StringBuilder();
    look.metrics().forEach((name, value) -> line.append("  %s %.4f".formatted(name, value)));
    String what = look.round() == 0 ? "the model alone" : "round " + look.round();
    System.err.printf(Locale.ROOT, "held-out prompts, %s:%s%n", what, line);
    if (!look.holds()) {
      System.err.printf("warning: %s%n", String.join("; ", look.broken()));
    }
  }

  void round(RunMetrics.Row row) {
    done++;
    seconds += row.secondsTotal();
    StepMetrics sums = row.sums();
    String error = sums.samples() < 2 ? "" : " +- %.4f".formatted(sums.rewardStandardError());
    double left = seconds / done * (rounds.rounds() - row.round());
    System.err.printf(
        Locale.ROOT,
        "round %d/%d  reward %.4f%s  loss %.4f  |g| %.2e  lr %.2e  %d samples%s  gap %.1e%s  "
            + "%.1f s (chain %.1f, reward %.1f, backward %.1f)  %s%n",
        row.round(),
        rounds.rounds(),
        sums.rewardMean(),
        error,
        sums.lossMean(),
        sums.gradientNorm(),
        row.lr(),
        sums.samples(),
        sums.skipped() == 0 ? "" : ", %d skipped (not finite)".formatted(sums.skipped()),
        row.averagingGap(),
        ratios(sums.ratios()),
        row.secondsTotal(),
        sums.seconds().getOrDefault(Phase.CHAIN, 0.0),
        sums.seconds().getOrDefault(Phase.REWARD, 0.0),
        sums.seconds().getOrDefault(Phase.BACKWARD, 0.0),
        row.round() == rounds.rounds() ? "done" : "ETA " + Durations.text(left));
  }

  /** How far DDPO's policy went in the round; nothing for other methods. */
  private static String ratios(PolicyRatios ratios) {
    return ratios.terms() == 0
        ? ""
        : String.format(
            Locale.ROOT, "  clipped %.2f  kl %.1e", ratios.clipFraction(), ratios.approxKl());
  }
}
