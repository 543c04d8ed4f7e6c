package instructvideo.job.score.page;

import instructvideo.job.html.Html;
import instructvideo.job.score.stats.ScoreSet;
import instructvideo.job.score.stats.ScoreSummary.Quantiles;
import instructvideo.job.score.stats.ScoreSummary.RewardScores;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the page says of one reward.
 *
 * @param older sets of the reward that are not shown
 * @param scored the set's rows with a score
 */
record RewardSection(
    ScoreSet set, long older, RewardScores scores, Dataset<Row> scored, Thumbnails thumbnails) {

  /** Best and worst clips, each. */
  private static final int CLIPS = 8;

  private static final int MAX_PROMPT = 1000; // characters; a page is no place for a book

  String html() {
    StringBuilder html = new StringBuilder();
    html.append("<section>\n<h2>").append(Html.escape(set.reward())).append("</h2>\n");
    html.append("<p class=\"soft\">").append(identity()).append("</p>\n");
    if (scores.quantiles() == null) {
      return html.append("<p>No video has a score.</p>\n</section>\n").toString();
    }

    html.append(numbers()).append("<div class=\"spread\">\n<div class=\"card\">");
    Histogram histogram = Histogram.of(scored, scores.quantiles());
    html.append(histogram.svg(scores.quantiles().median()));
    html.append("<p class=\"soft\">Videos by score; the line is the median.</p></div>\n");
    html.append(quantiles()).append("</div>\n");
    RankedClip.Ends ends = RankedClip.ends(scored, scores.scored(), CLIPS);
    html.append("<h3>Best</h3>\n").append(clips(ends.best()));
    if (!ends.worst().isEmpty()) {
      html.append("<h3>Worst</h3>\n").append(clips(ends.worst()));
    }

    return html.append("</section>\n").toString();
  }

  private String identity() {
    String ids =
        "Weights <code>%s</code>, settings <code>%s</code>, last scored %s."
            .formatted(id(set.rewardId()), id(set.settingsId()), time());
    return older == 0
        ? ids
        : ids + " The table has %d older sets of this reward, not shown.".formatted(older);
  }

  private String time() {
    return set.newest() == null
        ? "at an unknown time"
        : set.newest().toInstant().toString().replaceFirst("T(\\d\\d:\\d\\d).*", " $1 UTC");
  }

  private static String id(String id) {
    String text = id == null ? "unknown" : id;
    return Html.escape(text.length() > 12 ? text.substring(0, 12) : text);
  }

  private String numbers() {
    String error = scores.standardError() == null ? "unknown" : number(scores.standardError());
    return "<div class=\"numbers\">"
        + number("scored", "%d of %d".formatted(scores.scored(), scores.rows()))
        + number("mean", number(scores.mean()))
        + number("median", number(scores.quantiles().median()))
        + number("mean standard error over frames", error)
        + "</div>\n";
  }

  private static String number(String name, String value) {
    return "<div><small>%s</small><b>%s</b></div>".formatted(name, value);
  }

  private String quantiles() {
    Quantiles q = scores.quantiles();
    return "<div class=\"card\"><table class=\"quantiles\"><tbody>"
        + row("max", q.max())
        + row("95 %", q.q95())
        + row("75 %", q.q75())
        + row("50 %", q.median())
        + row("25 %", q.q25())
        + row("5 %", q.q05())
        + row("min", q.min())
        + "</tbody></table></div>\n";
  }

  private static String row(String name, double value) {
    return "<tr><th>%s</th><td>%s</td></tr>".formatted(name, number(value));
  }

  private String clips(List<RankedClip> clips) {
    StringBuilder html = new StringBuilder("<div class=\"clips\">\n");
    clips.forEach(clip -> html.append(figure(clip)));
    return html.append("</div>\n").toString();
  }

  private String figure(RankedClip clip) {
    String error = clip.error() == null ? "" : " &plusmn; " + number(clip.error());
    String prompt = clip.prompt() == null ? "(no prompt)" : cut(clip.prompt());
    String video = clip.video() == null ? "" : clip.video();
    String name = video.substring(video.lastIndexOf('/') + 1);
    return """
        <figure>%s<figcaption><b>%s<small>%s</small></b>
        <small class="rank">%d of %d for its prompt</small>
        <bdi class="prompt">%s</bdi>
        <bdi class="video" title="%s">%s</bdi></figcaption></figure>
        """
        .formatted(
            thumbnails.html(clip),
            number(clip.score()),
            error,
            clip.rank(),
            clip.promptVideos(),
            Html.escape(prompt),
            Html.escape(video),
            Html.escape(name));
  }

  private static String cut(String prompt) {
    return prompt.length() > MAX_PROMPT ? prompt.substring(0, MAX_PROMPT) + "…" : prompt;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
