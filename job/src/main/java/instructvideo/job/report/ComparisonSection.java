package instructvideo.job.report;

import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.job.evaluate.EvaluationSummary.Moments;
import instructvideo.job.html.Figures;
import instructvideo.job.report.EvaluationFacts.View;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The paper's table: each adapter against the model alone, by prompts, length of chain, metric. */
final class ComparisonSection {

  private static final String HEAD =
      "<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\">Difference</th>"
          + "<th scope=\"col\">Base</th><th scope=\"col\">Tuned</th>"
          + "<th scope=\"col\">Ratio</th><th scope=\"col\">Tuned higher in</th></tr></thead>%n";

  private final EvaluationFacts evaluation;

  private ComparisonSection(EvaluationFacts evaluation) {
    this.evaluation = evaluation;
  }

  static String html(Optional<EvaluationFacts> evaluation) {
    return evaluation
        .map(facts -> new ComparisonSection(facts).html())
        .orElseGet(
            () ->
                Markup.soft(
                    "No comparison with the model alone: make one with evaluate, and give its"
                        + " directory as --evaluation."));
  }

  private String html() {
    StringBuilder html = new StringBuilder();
    for (Adapter adapter : evaluation.adapters()) {
      html.append("<h3>%s against the model alone</h3>%n".formatted(Markup.text(name(adapter))));
      html.append(Markup.scrolling(adapter.name() + " against the model alone", table(adapter)));
    }

    String interval = Figures.percent(evaluation.confidence());
    html.append(
        Markup.soft(
            "Mean ± standard deviation over videos; the difference is taken pair by pair, from"
                + " equal noise, with its %s bootstrap interval over prompts. An arrow marks a"
                    .formatted(interval)
                + " difference whose interval leaves out 0. Compare a metric only with itself."));
    return html.append(definitions()).toString();
  }

  private static String name(Adapter adapter) {
    return adapter.round() == null
        ? adapter.name()
        : "%s (round %d)".formatted(adapter.name(), adapter.round());
  }

  private String table(Adapter adapter) {
    StringBuilder html = new StringBuilder("<table class=\"metrics\">" + HEAD.formatted());
    for (View view : evaluation.views(adapter.name())) {
      html.append(
          "<tbody><tr><th scope=\"rowgroup\" colspan=\"6\">%s</th></tr>%n".formatted(head(view)));
      evaluation.comparisons(view).forEach(one -> html.append(row(one)));
      html.append("</tbody>\n");
    }

    return html.append("</table>").toString();
  }

  private String head(View view) {
    Comparison most =
        evaluation.comparisons(view).stream()
            .reduce((one, other) -> other.videos() > one.videos() ? other : one)
            .orElseThrow();
    return Markup.text(
        "%s, %d steps: %d pairs of %d prompts"
            .formatted(view.set(), view.ddimSteps(), most.videos(), most.prompts()));
  }

  private String row(Comparison one) {
    return "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>%n"
        .formatted(
            metric(one),
            difference(one.difference(), decimals(one)),
            moments(one.base(), decimals(one)),
            moments(one.tuned(), decimals(one)),
            one.ratio() == null || one.kind() == Kind.REWARD ? "" : Figures.percent(one.ratio()),
            Figures.percent(one.winRate()));
  }

  private String metric(Comparison one) {
    String name = "<bdi>" + Markup.text(one.metric()) + "</bdi>";
    if (one.kind() == Kind.MEASURE) {
      return name;
    }

    return name
        + evaluation
            .isTrained(one.metric())
            .map(trained -> trained ? " <small>trained</small>" : " <small>held-out</small>")
            .orElse("");
  }

  /** All numbers of a row have as many. */
  static int decimals(Comparison one) {
    Double deviation = one.base().std();
    return Figures.decimals(deviation == null || deviation == 0 ? one.base().mean() : deviation);
  }

  private static String moments(Moments moments, int decimals) {
    String deviation = moments.std() == null ? "" : " ± " + Figures.text(moments.std(), decimals);
    return Figures.text(moments.mean(), decimals) + deviation;
  }

  private static String difference(Difference difference, int decimals) {
    String mean = Figures.signed(difference.mean(), decimals);
    if (difference.low() == null || difference.high() == null) {
      return mean + " <small>no interval of one prompt</small>";
    }

    String arrow =
        !difference.isCertain()
            ? ""
            : difference.mean() > 0
                ? " <span class=\"arrow\" aria-label=\"higher\" role=\"img\">▲</span>"
                : " <span class=\"arrow\" aria-label=\"lower\" role=\"img\">▼</span>";
    return "%s%s <small>%s to %s</small>"
        .formatted(
            mean,
            arrow,
            Figures.text(difference.low(), decimals),
            Figures.text(difference.high(), decimals));
  }

  private String definitions() {
    Set<String> measures = new LinkedHashSet<>();
    evaluation.summary().comparisons().stream()
        .filter(one -> one.kind() == Kind.MEASURE)
        .forEach(one -> measures.add(one.metric()));
    StringBuilder html = new StringBuilder();
    for (String measure : measures) {
      html.append(
          "<div><dt>%s</dt><dd>%s</dd></div>%n"
              .formatted(Markup.text(measure), Markup.text(definition(measure))));
    }

    return html.isEmpty()
        ? ""
        : "<h3>What a reward can hide</h3>\n<dl class=\"definitions\">\n" + html + "</dl>\n";
  }

  /** In plain words, then exactly. */
  private String definition(String measure) {
    Optional<String> exact =
        Optional.ofNullable(evaluation.summary().definitions())
            .map(definitions -> definitions.get(measure));
    return Stream.of(
            Measures.plain(measure),
            exact.map(text -> "Exactly: " + text.replaceAll("\\.$", "") + "."))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }
}
