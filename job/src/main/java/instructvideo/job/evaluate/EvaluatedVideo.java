package instructvideo.job.evaluate;

import instructvideo.spark.MeasuredVideo;

/**
 * A video and what it is of.
 *
 * @param set name of the set of prompts
 * @param adapter name, {@link EvaluationSummary#BASE} for the model alone
 * @param promptId unique in its set
 * @param copy which of the prompt's videos: the same number is the same noise
 * @param uri as the summary names it
 * @param measured what was measured; with an error if it could not be
 */
public record EvaluatedVideo(
    String set,
    int ddimSteps,
    String adapter,
    String promptId,
    String prompt,
    int copy,
    String uri,
    MeasuredVideo measured) {

  /** The same measures under another name of the adapter and another URI. */
  public EvaluatedVideo with(String otherAdapter, String otherUri) {
    return new EvaluatedVideo(
        set, ddimSteps, otherAdapter, promptId, prompt, copy, otherUri, measured);
  }

  /** Whether it has values. */
  public boolean isMeasured() {
    return measured.error() == null;
  }
}
