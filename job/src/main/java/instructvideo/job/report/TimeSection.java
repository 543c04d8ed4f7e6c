package instructvideo.job.report;

import instructvideo.job.Durations;
import instructvideo.job.html.Figures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the time went into. */
final class TimeSection {

  private static final String PREFIX = "seconds_";

  /** In the order in which a worker goes through them. */
  private static final Map<String, String> PHASES = phases();

  private TimeSection() {}

  private static Map<String, String> phases() {
    Map<String, String> phases = new LinkedHashMap<>();
    phases.put("seconds_read", "reading samples, the shuffle");
    phases.put("seconds_load", "loading models");
    phases.put("seconds_chain", "the chain, forward");
    phases.put("seconds_reward", "frames and reward, both ways");
    phases.put("seconds_backward", "the chain, backward");
    phases.put("seconds_optimizer", "clipping and optimizer");
    phases.put("seconds_average", "outside of workers: scheduling, average");
    return phases;
  }

  static Section of(RunFacts run) {
    Map<String, Double> sums = new TreeMap<>();
    for (RoundFigures round : run.rounds()) {
      round.figures().entrySet().stream()
          .filter(figure -> figure.getKey().startsWith(PREFIX))
          .forEach(figure -> sums.merge(figure.getKey(), figure.getValue(), Double::sum));
    }

    double total = sums.getOrDefault(RoundFigures.SECONDS, Double.NaN);
    Map<String, Double> ordered = new LinkedHashMap<>();
    PHASES.keySet().stream()
        .filter(sums::containsKey)
        .forEach(phase -> ordered.put(PHASES.get(phase), sums.get(phase)));
    sums.forEach(
        (phase, seconds) -> {
          if (!PHASES.containsKey(phase) && !phase.equals(RoundFigures.SECONDS)) {
            ordered.put(phase.substring(PREFIX.length()).replace('_', ' '), seconds);
          }
        });
    String html = Markup.paragraph(total(run.rounds(), total)) + bars(ordered);
    return new Section("time", "Seconds by phase", html + note());
  }

  private static String note() {
    return Markup.soft(
        "Summed over all workers, which run side by side: together they may be more than the time"
            + " that passed.");
  }

  private static String total(List<RoundFigures> rounds, double seconds) {
    if (Double.isNaN(seconds)) {
      return "The run does not say how long its rounds took.";
    }

    return "%d rounds took %s, %s each."
        .formatted(rounds.size(), Durations.text(seconds), Durations.text(seconds / rounds.size()));
  }

  private static String bars(Map<String, Double> seconds) {
    double most = seconds.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    double sum = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    if (most <= 0) {
      return "";
    }

    StringBuilder html = new StringBuilder("<div class=\"card\"><table class=\"bars\"><thead><tr>");
    html.append("<th scope=\"col\">Phase</th><th scope=\"col\">Seconds</th>");
    html.append("<th scope=\"col\">Share</th></tr></thead><tbody>\n");
    seconds.forEach(
        (phase, value) ->
            html.append(
                String.format(
                    Locale.ROOT,
                    "<tr><th scope=\"row\">%s<span class=\"bar\" style=\"width:%.1f%%\"></span></th>"
                        + "<td>%.1f</td><td>%s</td></tr>%n",
                    Markup.text(phase),
                    100 * value / most,
                    value,
                    Figures.percent(value / sum))));
    return html.append("</tbody></table></div>\n").toString();
  }
}
