package instructvideo.job.evaluate;

import instructvideo.spark.MeasuredVideo;

/**
 * A video and what it is of.
 *
 * @param set name of the set of prompts
 * @param adapter name, {@link EvaluationSummary#BASE} for the model alone
 * @param promptId unique in its set
 * @param copy which of the prompt's videos: the same number is the same noise
 * @param uri of its file, null if there is none
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

  /** The same measures under another name of the adapter. */
  public EvaluatedVideo with(String otherAdapter) {
    return new EvaluatedVideo(set, ddimSteps, otherAdapter, promptId, prompt, copy, uri, measured);
  }

  /** The same, its URI relative to a root if it lies under it. */
  EvaluatedVideo relativeTo(String root) {
    String relative = uri != null && uri.startsWith(root) ? uri.substring(root.length()) : uri;
    return new EvaluatedVideo(set, ddimSteps, adapter, promptId, prompt, copy, relative, measured);
  }

  /** Whether it has values. */
  public boolean isMeasured() {
    return measured.error() == null;
  }
}
