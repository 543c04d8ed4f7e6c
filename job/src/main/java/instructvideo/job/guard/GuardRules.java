package instructvideo.job.guard;

import instructvideo.job.config.GuardConfig;
import instructvideo.job.run.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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

  /** The lowest value of each watched metric that is allowed. */
  SortedMap<String, Double> floors(Look base) {
    SortedMap<String, Double> floors = new TreeMap<>();
    heldOut.forEach(reward -> floors.put(reward, rewardFloor(base, reward)));
    floors.put(trained, rewardFloor(base, trained));
    floors.put(MOTION, base.value(MOTION) * (1 - limits.maxMotionDrop()));
    if (base.metrics().containsKey(DIVERSITY)) { // of one video for each prompt there is none
      floors.put(DIVERSITY, base.value(DIVERSITY) * (1 - limits.maxDiversityDrop()));
    }

    return floors;
  }

  /** A cosine's base value may be near 0: its deviation over videos then says what is much. */
  private double rewardFloor(Look base, String reward) {
    double before = base.value(reward);
    double scale = Math.max(Math.abs(before), base.std().getOrDefault(reward, 0.0));
    return before - limits.maxRewardDrop() * scale;
  }

  /** The limits that a look passes, a sentence each; empty if all is well. */
  List<String> broken(Look base, Look look) {
    List<String> found = new ArrayList<>();
    floors(base)
        .forEach(
            (metric, floor) -> {
              if (!(look.value(metric) >= floor)) { // NaN passes every limit
                found.add(
                    format(
                        "%s fell from %.4f to %.4f (limit %.4f)",
                        described(metric), base.value(metric), look.value(metric), floor));
              }
            });
    if (look.metrics().containsKey(FAILED)) {
      found.add(format("%.0f videos could not be made", look.metrics().get(FAILED)));
    }

    return found;
  }

  private String described(String metric) {
    if (metric.equals(trained)) {
      return "trained reward " + metric;
    }

    return heldOut.contains(metric) ? "held-out reward " + metric : metric;
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
   * The look with the highest held-out reward among those that pass no limit, the model alone
   * included; without a held-out reward the trained one decides. Of equals the first.
   *
   * @param looks the first is the base's
   */
  Optional<Look> best(List<Look> looks) {
    Look best = null;
    for (Look look : looks) {
      boolean isBetter = best == null || value(looks.get(0), look) > value(looks.get(0), best);
      best = look.holds() && isBetter ? look : best;
    }

    return Optional.ofNullable(best);
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

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
