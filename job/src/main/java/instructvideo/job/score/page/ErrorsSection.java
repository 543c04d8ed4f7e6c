package instructvideo.job.score.page;

import instructvideo.job.html.Html;
import instructvideo.job.score.stats.ScoreSummary;
import instructvideo.job.score.stats.ScoreSummary.Reason;
import java.util.stream.Collectors;

/** Which videos have no score, by reason. */
final class ErrorsSection {

  private ErrorsSection() {}

  static String html(ScoreSummary summary) {
    if (summary.failedVideos() == 0) {
      return "<p>Every video has a score.</p>";
    }

    StringBuilder html = new StringBuilder();
    html.append("<p>%d videos without a score.</p>".formatted(summary.failedVideos()));
    html.append("<div class=\"card\"><table class=\"errors\"><thead><tr><th>Videos</th>");
    html.append("<th>Reason</th><th>Rewards</th><th>For example</th></tr></thead><tbody>\n");
    summary.reasons().forEach(reason -> html.append(row(reason)));
    html.append("</tbody></table></div>");
    long more = summary.numReasons() - summary.reasons().size();
    return more == 0 ? html.toString() : html + "<p>And %d other reasons.</p>".formatted(more);
  }

  private static String row(Reason reason) {
    String examples =
        reason.examples().stream()
            .map(video -> "<bdi>%s</bdi>".formatted(Html.escape(video)))
            .collect(Collectors.joining("<br>"));
    return "<tr><td>%d</td><td>%s</td><td>%s</td><td>%s</td></tr>%n"
        .formatted(
            reason.videos(),
            Html.escape(reason.text()),
            Html.escape(String.join(", ", reason.rewards())),
            examples);
  }
}
