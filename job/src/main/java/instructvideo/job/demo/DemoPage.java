package instructvideo.job.demo;

import com.typesafe.config.Config;
import instructvideo.job.Durations;
import instructvideo.job.config.Settings;
import instructvideo.job.html.Html;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report: one HTML page with everything inside. */
final class DemoPage {

  /** Frames a second of the videos on the page. */
  private static final double FPS = 8;

  /** Settings in the page's table. */
  private static final List<String> SHOWN =
      List.of(
          "video.frames",
          "video.height",
          "video.fps",
          "sampler.ddim-steps",
          "sampler.starting-partial",
          "sampler.guidance-scale",
          "sampler.grad-steps",
          "reward.segments",
          "reward.lambda-tar",
          "lora.rank",
          "optimizer.name",
          "optimizer.lr",
          "optimizer.warmup-steps",
          "optimizer.schedule",
          "train.rounds",
          "train.local-steps",
          "train.workers",
          "train.batch",
          "train.outer",
          "demo.clips",
          "seed");

  private final DemoFiles files;
  private final Settings settings;
  private final Map<String, Double> seconds;

  /**
   * Starts a page.
   *
   * @param seconds how long each stage took, by name
   */
  DemoPage(DemoFiles files, Settings settings, Map<String, Double> seconds) {
    this.files = files;
    this.settings = settings;
    this.seconds = seconds;
  }

  /** The page. */
  String html(Results results, List<RewardCurve.Point> curve) throws IOException, VideoException {
    PairedGain gain = results.gain();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("before", number(gain.before()));
    values.put("after", number(gain.after()));
    values.put("gain", number(gain.gain()));
    values.put("better", gain.better() + " of " + gain.videos());
    values.put("captions", String.valueOf(settings.run().demo().captions()));
    values.put("copies", String.valueOf(settings.run().demo().copies()));
    values.put("motion-before", number(results.motion().before()));
    values.put("motion-after", number(results.motion().after()));
    values.put("curve", RewardCurve.svg(curve));
    values.put("pairs", pairs(results));
    values.put("settings", settingsTable());
    values.put("times", timesTable());
    values.put("conf", Html.escape(files.conf().toString()));
    values.put("root", Html.escape(files.root().toString()));
    return Html.fill(DemoPage.class, "report.html", values);
  }

  private static String pairs(Results results) throws VideoException {
    StringBuilder html = new StringBuilder();
    for (int i = 0; i < results.before().videos().size(); i++) {
      Evaluation.Video before = results.before().videos().get(i);
      Evaluation.Video after = results.after().videos().get(i);
      html.append("<figure><figcaption>")
          .append(Html.escape(before.caption()))
          .append("</figcaption><div>")
          .append(image(before, "before"))
          .append(image(after, "after"))
          .append("</div></figure>\n");
    }
    return html.toString();
  }

  private static String image(Evaluation.Video video, String when) throws VideoException {
    byte[] file = VideoWriter.encode(video.toFrames(), FPS, VideoFormat.APNG);
    return String.format(
        Locale.ROOT,
        "<span><img alt=\"%s, %s\" src=\"%s\"><small>%s" + " <b>%.2f</b></small></span>",
        Html.escape(video.caption()),
        when,
        Html.dataUri("image/png", file),
        when,
        video.reward());
  }

  private String settingsTable() {
    Config resolved = settings.resolved();
    StringBuilder html = new StringBuilder();
    for (String key : SHOWN) {
      row(html, key, resolved.getValue(key).unwrapped().toString());
    }
    return html.toString();
  }

  private String timesTable() {
    StringBuilder html = new StringBuilder();
    double total = 0;
    for (Map.Entry<String, Double> stage : seconds.entrySet()) {
      row(html, stage.getKey(), Durations.text(stage.getValue()));
      total += stage.getValue();
    }

    row(html, "all", Durations.text(total));
    row(html, "processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    return html.toString();
  }

  private static void row(StringBuilder html, String name, String value) {
    html.append("<tr><td>").append(Html.escape(name)).append("</td><td>");
    html.append(Html.escape(value)).append("</td></tr>\n");
  }

  private static String number(PairedGain.Mean mean) {
    return mean.toString().replace("+-", "&plusmn;");
  }

  /**
   * Videos of the same captions and noise by the base model and with the adapter.
   *
   * @param gain of the reward
   */
  record Results(Evaluation before, Evaluation after, PairedGain gain) {

    /** Of the difference between neighbouring frames. */
    PairedGain motion() {
      return PairedGain.of(before.videos(), after.videos(), Evaluation.Video::motion);
    }
  }
}
