package instructvideo.job.report;

import java.util.List;

/**
 * What came of it, in words for people who have not read anything else.
 *
 * @param text why, a sentence or two
 * @param more what else there is to say, a sentence each
 */
public record Verdict(Kind kind, String text, List<String> more) {

  /** The verdict in a word, and whether it is good news. */
  public enum Kind {
    BETTER("Better", Tone.GOOD),
    MIXED("Better at a price", Tone.DOUBTFUL),
    GAMED("Gamed", Tone.BAD),
    WORSE("Worse", Tone.BAD),
    NO_DIFFERENCE("No difference", Tone.NEUTRAL),
    TOO_LITTLE("Too little to tell", Tone.NEUTRAL),
    STOPPED("Stopped by the guard", Tone.DOUBTFUL),
    NOT_EVALUATED("Not evaluated", Tone.NEUTRAL);

    private final String label;
    private final Tone tone;

    Kind(String label, Tone tone) {
      this.label = label;
      this.tone = tone;
    }

    /** As the page says it. */
    public String label() {
      return label;
    }

    Tone tone() {
      return tone;
    }
  }

  /** How the page shows it, besides the words. */
  enum Tone {
    GOOD,
    DOUBTFUL,
    BAD,
    NEUTRAL
  }

  /** In one line. */
  public String line() {
    return kind.label + ": " + text;
  }

  /**
   * The verdict on what is known: an evaluation counts most, then what the guard saw; the training
   * reward alone says nothing.
   */
  static Verdict of(ReportFacts facts) {
    if (facts.evaluation().isPresent() && !facts.evaluation().get().adapters().isEmpty()) {
      return EvaluationVerdict.of(facts.evaluation().get(), facts.run());
    }

    return facts
        .run()
        .map(RunVerdict::of)
        .orElseGet(
            () ->
                new Verdict(
                    Kind.NOT_EVALUATED,
                    "The evaluation compares no adapter with the model alone.",
                    List.of("Give evaluate an --adapter.")));
  }
}
