package instructvideo.job.report;

import instructvideo.job.html.Figures;
import instructvideo.job.report.ClipPictures.NoPicture;
import instructvideo.job.report.ClipPictures.Picture;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Videos before and after, side by side. */
final class ClipsSection {

  /** Pairs at most. */
  private static final int MAX_PAIRS = 24;

  /** Bytes of pictures at most; base64 makes a third more of them. */
  private static final int MAX_BYTES = 9_000_000;

  private static final int MAX_PROMPT = 400;

  /** Videos of fewer pixels are shown with their pixels, not blurred. */
  private static final int TINY = 96;

  private final EvaluationFacts evaluation;
  private int bytes;
  private int shown;

  private ClipsSection(EvaluationFacts evaluation) {
    this.evaluation = evaluation;
  }

  static Section of(Optional<EvaluationFacts> evaluation) {
    String html =
        evaluation
            .map(facts -> new ClipsSection(facts).html(ClipPair.of(facts)))
            .orElseGet(
                () ->
                    Markup.soft(
                        "No clips: make some with evaluate, and give its directory as"
                            + " --evaluation."));
    return new Section("clips", "Before and after", html);
  }

  private String html(List<ClipPair> pairs) {
    if (pairs.isEmpty()) {
      return Markup.soft("The evaluation names no prompts that gained or lost.");
    }

    StringBuilder clips = new StringBuilder();
    for (ClipPair pair : pairs) {
      if (shown < MAX_PAIRS && bytes < MAX_BYTES) {
        clips.append(figure(pair));
        shown++;
      }
    }

    return Markup.soft(
            "The left half is the model alone, the right half the same prompt and noise with the"
                + " adapter; both play together. Those that gained and lost most, so the usual"
                + " difference is smaller. Scores are means over the prompt's videos.")
        + "<input type=\"checkbox\" id=\"freeze\"><label for=\"freeze\" class=\"freeze\">Hold the clips still</label>\n"
        + "<input type=\"checkbox\" id=\"play\"><label for=\"play\" class=\"play\">Play the clips</label>\n"
        + "<div class=\"clips\">\n"
        + clips
        + "</div>\n"
        + left(pairs.size());
  }

  private String left(int all) {
    return all == shown
        ? ""
        : Markup.soft(
            "%d other pairs that the evaluation names are left out, to keep the page small."
                .formatted(all - shown));
  }

  private String figure(ClipPair pair) {
    int decimals = Figures.decimals(Math.max(Math.abs(pair.base()), Math.abs(pair.tuned())));
    return """
        <figure>
        %s<figcaption>
        <div class="sides"><span>before <b>%s</b></span><span>after <b>%s</b></span></div>
        <bdi class="prompt">%s</bdi>
        <small class="why"><b>%s</b> %s</small>
        </figcaption>
        </figure>
        """
        .formatted(
            picture(pair),
            Figures.text(pair.base(), decimals),
            Figures.text(pair.tuned(), decimals),
            Markup.text(cut(pair.prompt())),
            Figures.signed(pair.gain(), decimals),
            Markup.text(pair.reason() + " (" + pair.where() + ")"));
  }

  private String picture(ClipPair pair) {
    try {
      Picture picture = ClipPictures.of(pair, evaluation.directory());
      bytes += picture.bytes();
      String alt = Markup.text("Before and after: " + cut(pair.prompt()));
      return image("moving", alt, picture.movingUri(), picture)
          + image("still", alt, picture.stillUri(), picture);
    } catch (NoPicture e) {
      return "<div class=\"none\">%s</div>%n"
          .formatted(Markup.text("no picture: " + e.getMessage()));
    }
  }

  private static String image(String name, String alt, String uri, Picture picture) {
    String tiny = picture.height() < TINY ? " tiny" : "";
    return String.format(
        Locale.ROOT,
        "<img class=\"%s%s\" alt=\"%s\" width=\"%d\" height=\"%d\" src=\"%s\">%n",
        name,
        tiny,
        alt,
        picture.width(),
        picture.height(),
        uri);
  }

  private static String cut(String prompt) {
    String text = prompt == null ? "" : prompt;
    return text.length() > MAX_PROMPT ? text.substring(0, MAX_PROMPT) + "…" : text;
  }
}
