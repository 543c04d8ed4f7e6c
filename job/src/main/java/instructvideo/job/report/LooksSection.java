package instructvideo.job.report;

import instructvideo.job.html.Figures;
import instructvideo.job.html.LineChart;
import instructvideo.job.html.LineChart.Point;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.Look;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** What the run itself saw of held-out prompts, by round. */
final class LooksSection {

  private final GuardRecord guard;
  private final Set<String> trained;

  private LooksSection(GuardRecord guard, Set<String> trained) {
    this.guard = guard;
    this.trained = trained;
  }

  static String html(RunFacts run) {
    if (run.guard().isEmpty() || run.guard().get().looks().isEmpty()) {
      return Markup.soft(
          "The run did not look at held-out prompts: train with --eval-prompts, and it does so"
              + " every few rounds.");
    }

    return new LooksSection(run.guard().get(), run.trainedRewards()).html();
  }

  private String html() {
    StringBuilder html = new StringBuilder(Markup.paragraph(status()));
    html.append("<div class=\"charts\">\n");
    for (String metric : metrics()) {
      html.append(CurveSection.card(title(metric), chart(metric).svg()));
    }

    html.append("</div>\n");
    html.append(
        Markup.soft(
            "Round 0 is the model alone, from the same noise at every look. The band is a"
                + " standard error either way; a dashed line is the guard's limit, a ring a look"
                + " that passed one."));
    html.append(broken());
    return html.append(Markup.details("The looks as a table", table())).toString();
  }

  private String status() {
    if (guard.isStopped()) {
      return RunVerdict.stopped(guard);
    }

    String best =
        guard.best() == null
            ? ""
            : " The best checkpoint is round %d%s."
                .formatted(
                    guard.best().round(),
                    guard.best().reason() == null ? "" : " (" + guard.best().reason() + ")");
    String state = "finished".equals(guard.status()) ? "ended by itself" : "was not ended";
    return "The guard (mode %s) made %d looks; training %s.%s"
        .formatted(
            String.valueOf(guard.mode()).toLowerCase(Locale.ROOT),
            guard.looks().size(),
            state,
            best);
  }

  /** Trained rewards, then other rewards, then measures. */
  private List<String> metrics() {
    Set<String> names = new TreeSet<>();
    guard.looks().stream()
        .filter(look -> look.metrics() != null)
        .forEach(look -> names.addAll(look.metrics().keySet()));
    Set<String> ordered = new LinkedHashSet<>();
    names.stream().filter(trained::contains).forEach(ordered::add);
    names.stream().filter(name -> !Measures.isMeasure(name)).forEach(ordered::add);
    names.stream().filter(Measures.LIMITED::contains).forEach(ordered::add);
    ordered.addAll(names);
    return List.copyOf(ordered);
  }

  private String title(String metric) {
    if (trained.contains(metric)) {
      return "Trained reward " + metric + ", held-out prompts";
    }

    return Measures.isMeasure(metric)
        ? Character.toUpperCase(metric.charAt(0)) + metric.substring(1)
        : "Held-out reward " + metric;
  }

  private LineChart chart(String metric) {
    List<Point> points =
        guard.looks().stream()
            .map(
                look ->
                    new Point(
                        look.round(), look.value(metric), look.error(metric), breaks(look, metric)))
            .toList();
    OptionalDouble best =
        guard.best() == null ? OptionalDouble.empty() : OptionalDouble.of(guard.best().round());
    Point last = points.get(points.size() - 1);
    String label =
        "%s by round: %s for the model alone, %s after round %d"
            .formatted(
                title(metric), Figures.text(points.get(0).y()), Figures.text(last.y()), last.x());
    return new LineChart(label, points, guard.floor(metric), best, "best");
  }

  /** Whether it is this metric that a look's sentences name. */
  private static boolean breaks(Look look, String metric) {
    return !look.holds() && look.broken().stream().anyMatch(text -> text.contains(metric));
  }

  private String broken() {
    StringBuilder html = new StringBuilder();
    for (Look look : guard.looks()) {
      if (!look.holds()) {
        html.append("<li>")
            .append(Markup.text("Round %d: %s".formatted(look.round(), text(look))))
            .append("</li>\n");
      }
    }

    return html.isEmpty() ? "" : "<h3>Limits passed</h3>\n<ul>\n" + html + "</ul>\n";
  }

  private static String text(Look look) {
    return String.join("; ", look.broken());
  }

  private String table() {
    List<String> metrics = metrics();
    List<String> head = new ArrayList<>(List.of("round"));
    head.addAll(metrics);
    head.add("limits passed");
    List<List<String>> rows = new ArrayList<>();
    for (Look look : guard.looks()) {
      List<String> row = new ArrayList<>();
      row.add(look.round() == 0 ? "0 (model alone)" : String.valueOf(look.round()));
      metrics.forEach(metric -> row.add(value(look, metric)));
      row.add(!look.holds() ? text(look) : "none");
      rows.add(row);
    }

    return Markup.table("The looks as a table", head, rows);
  }

  private static String value(Look look, String metric) {
    String error = Double.isNaN(look.error(metric)) ? "" : " ± " + Figures.text(look.error(metric));
    return Double.isNaN(look.value(metric)) ? "" : Figures.text(look.value(metric)) + error;
  }
}
