package instructvideo.job.report;

import instructvideo.job.Outputs;
import instructvideo.job.html.Html;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One HTML page with everything inside: a verdict, a few figures, sections. It asks nobody for
 * anything (its policy forbids it), runs no script, and is the same for the same input.
 *
 * @param title plain text
 * @param lead what the page is about, HTML
 * @param tiles HTML
 */
public record ReportPage(
    String title, String lead, Verdict verdict, String tiles, List<Section> sections) {

  /** The page about a run and an evaluation. */
  public static ReportPage of(ReportFacts facts) {
    StringBuilder lead = new StringBuilder();
    facts.run().ifPresent(run -> lead.append(source("Run", run.uri())));
    facts
        .evaluation()
        .ifPresent(evaluation -> lead.append(source("Evaluation", evaluation.directory())));
    return new ReportPage(
        title(facts),
        lead.toString(),
        Verdict.of(facts),
        SummaryTiles.html(facts),
        Report.sections(facts));
  }

  private static String title(ReportFacts facts) {
    String uri =
        facts
            .run()
            .map(RunFacts::uri)
            .or(() -> facts.evaluation().map(EvaluationFacts::directory))
            .orElse("");
    String name = uri.replaceFirst("/+$", "").replaceFirst("^.*/", "");
    return name.isEmpty() || name.equals(".") ? "Report" : "Report: " + name;
  }

  private static String source(String what, String uri) {
    return "<p class=\"soft\">%s <code>%s</code></p>%n".formatted(what, Markup.text(uri));
  }

  /**
   * Writes the page, replacing what is there.
   *
   * @throws instructvideo.error.InvalidInputException if it cannot be written
   */
  public void write(String uri) throws IOException {
    String html = html();
    Outputs.file(uri, file -> Files.writeString(file, html));
  }

  /** The page as text. */
  public String html() throws IOException {
    StringBuilder nav = new StringBuilder();
    StringBuilder body = new StringBuilder();
    for (Section section : sections) {
      nav.append(
          "<li><a href=\"#%s\">%s</a></li>%n"
              .formatted(section.id(), Markup.text(section.title())));
      body.append(
          "<section aria-labelledby=\"%s\">%n<h2 id=\"%s\">%s</h2>%n%s</section>%n"
              .formatted(section.id(), section.id(), Markup.text(section.title()), section.html()));
    }

    Map<String, String> values = new LinkedHashMap<>();
    values.put("title", Markup.text(title));
    values.put("lead", lead);
    values.put(
        "tone",
        switch (verdict.kind().tone()) {
          case GOOD -> "good";
          case DOUBTFUL -> "doubtful";
          case BAD -> "bad";
          case NEUTRAL -> "neutral";
        });
    values.put("label", Markup.text(verdict.kind().label()));
    values.put("text", Markup.text(verdict.text()));
    values.put("more", more());
    values.put("tiles", tiles);
    values.put("nav", nav.toString());
    values.put("sections", body.toString());
    return Html.fill(ReportPage.class, "report.html", values);
  }

  private String more() {
    StringBuilder html = new StringBuilder();
    verdict
        .more()
        .forEach(sentence -> html.append("<li>").append(Markup.text(sentence)).append("</li>\n"));
    return html.isEmpty() ? "" : "<ul>\n" + html + "</ul>\n";
  }
}
