package instructvideo.job.report;

import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.html.Figures;
import java.util.List;

/** Parts of sentences. */
final class Phrases {

  private Phrases() {}

  /** Such as "rose by 0.43 (95 % interval 0.35 to 0.51)". */
  static String moved(Difference difference, double confidence) {
    int decimals = decimals(difference);
    if (difference.low() == null || difference.high() == null) {
      return "changed by " + Figures.signed(difference.mean(), decimals);
    }

    if (!difference.isCertain()) {
      return "changed by %s %s, which may be chance,"
          .formatted(Figures.signed(difference.mean(), decimals), interval(difference, confidence));
    }

    return "%s by %s %s"
        .formatted(
            difference.mean() < 0 ? "fell" : "rose",
            Figures.text(Math.abs(difference.mean()), decimals),
            interval(difference, confidence));
  }

  private static String interval(Difference difference, double confidence) {
    return "(%s interval %s to %s)"
        .formatted(
            Figures.percent(confidence),
            Figures.text(difference.low(), decimals(difference)),
            Figures.text(difference.high(), decimals(difference)));
  }

  private static int decimals(Difference difference) {
    double low = difference.low() == null ? 0 : Math.abs(difference.low());
    double high = difference.high() == null ? 0 : Math.abs(difference.high());
    return Figures.decimals(Math.max(Math.abs(difference.mean()), Math.max(low, high)));
  }

  static String joined(List<String> parts) {
    return parts.size() < 2
        ? String.join("", parts)
        : String.join(", ", parts.subList(0, parts.size() - 1))
            + " and "
            + parts.get(parts.size() - 1);
  }

  static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
