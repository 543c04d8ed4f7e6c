package instructvideo.job.guard;

import instructvideo.job.config.GuardConfig;
import instructvideo.job.run.Look;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When training has gone wrong, and which checkpoint is best. A reward that is trained on rises as
 * long as anything can be found that pleases it; that the videos became better shows only in what
 * was not trained on.
 *
 * @param trained name of the reward that is trained on
 * @param heldOut names of the rewards that are not
 */
record GuardRules(GuardConfig limits, String trained, List<String> heldOut) {

  /** A metric that is there if a video could not be made, or not be measured. */
  static final String FAILED = "failed videos";

  private static final String MOTION = "motion";
  private static final String DIVERSITY = "diversity";

  GuardRules {
    heldOut = List.copyOf(heldOut);
  }

  /** The limits that a look passes, a sentence each; empty if all is well. */
  List<String> broken(Look base, Look look) {
    List<String> found = new ArrayList<>();
    heldOut.forEach(reward -> checkReward("held-out reward " + reward, reward, base, look, found));
    checkShare(MOTION, limits.maxMotionDrop(), base, look, found);
    checkShare(DIVERSITY, limits.maxDiversityDrop(), base, look, found);
    checkReward("trained reward " + trained, trained, base, look, found);
    if (look.metrics().containsKey(FAILED)) {
      found.add(format("%.0f videos could not be made", look.metrics().get(FAILED)));
    }

    return found;
  }

  /** The broken limits of a look in one sentence. */
  String reason(Look base, Look look) {
    double before = base.value(trained);
    double now = look.value(trained);
    String what = String.join(" and ", look.broken());
    return now > before
        ? format("trained reward %s rose from %.4f to %.4f while %s", trained, before, now, what)
        : what;
  }

  /**
   * The look with the highest held-out reward among those that pass no limit, or, if all do, among
   * all; without a held-out reward the trained one decides.
   *
   * @param looks the first is the base's
   */
  Optional<Look> best(List<Look> looks) {
    List<Look> tuned = looks.stream().filter(look -> look.round() > 0).toList();
    List<Look> sound = tuned.stream().filter(Look::holds).toList();
    return (sound.isEmpty() ? tuned : sound)
        .stream().max(Comparator.comparingDouble(look -> value(looks.get(0), look)));
  }

  /** The mean gain of the deciding rewards, each in deviations of the base's videos. */
  private double value(Look base, Look look) {
    List<String> deciding = heldOut.isEmpty() ? List.of(trained) : heldOut;
    double sum = 0;
    for (String reward : deciding) {
      double gain = look.value(reward) - base.value(reward);
      double deviation = deciding.size() == 1 ? 1 : base.std().getOrDefault(reward, 1.0);
      sum += gain / Math.max(deviation, 1e-12);
    }

    return Double.isNaN(sum) ? Double.NEGATIVE_INFINITY : sum;
  }

  /** A cosine's base value may be near 0: its deviation over videos then says what is much. */
  private void checkReward(String what, String reward, Look base, Look look, List<String> found) {
    double before = base.value(reward);
    double scale = Math.max(Math.abs(before), base.std().getOrDefault(reward, 0.0));
    double limit = before - limits.maxRewardDrop() * scale;
    double now = look.value(reward);
    if (!(now >= limit)) {
      found.add(format("%s fell from %.4f to %.4f (limit %.4f)", what, before, now, limit));
    }
  }

  private static void checkShare(
      String metric, double maxDrop, Look base, Look look, List<String> found) {
    if (!base.metrics().containsKey(metric)) {
      return; // diversity of one video for each prompt is none
    }

    double before = base.value(metric);
    double now = look.value(metric);
    if (!(now >= before * (1 - maxDrop))) {
      found.add(
          format(
              "%s fell from %.4f to %.4f, by %.0f %% (limit %.0f %%)",
              metric, before, now, 100 * (1 - now / before), 100 * maxDrop));
    }
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
