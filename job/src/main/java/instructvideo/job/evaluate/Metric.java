package instructvideo.job.evaluate;

import instructvideo.job.evaluate.EvaluationSummary.Kind;
import instructvideo.measure.FeatureMeasures;
import instructvideo.measure.Measure;
import instructvideo.spark.MeasuredVideo;
import java.util.List;
import java.util.Objects;

/** What is compared. */
sealed interface Metric {

  String name();

  Kind kind();

  /**
   * The value of some videos: of one, or where {@link #isOfPrompt} of all that a prompt has.
   *
   * @return null where it is not defined
   */
  Double value(List<MeasuredVideo> videos);

  /** Whether there is one value a prompt, not one a video. */
  default boolean isOfPrompt() {
    return equals(new Measured(Measure.DIVERSITY));
  }

  /** The score by a reward or sum. */
  record Score(String name) implements Metric {
    @Override
    public Kind kind() {
      return Kind.REWARD;
    }

    @Override
    public Double value(List<MeasuredVideo> videos) {
      return videos.get(0).score(name);
    }
  }

  /** A measure. */
  record Measured(Measure measure) implements Metric {
    @Override
    public String name() {
      return measure.key();
    }

    @Override
    public Kind kind() {
      return Kind.MEASURE;
    }

    @Override
    public Double value(List<MeasuredVideo> videos) {
      MeasuredVideo video = videos.get(0);
      return switch (measure) {
        case MOTION -> video.motion();
        case CONSISTENCY -> video.consistency();
        case SHARPNESS -> video.sharpness();
        case SATURATION -> video.saturation();
        case DIVERSITY -> diversity(videos);
      };
    }

    private static Double diversity(List<MeasuredVideo> videos) {
      List<float[]> features =
          videos.stream().map(MeasuredVideo::feature).filter(Objects::nonNull).toList();
      return features.size() < videos.size() ? null : FeatureMeasures.diversity(features);
    }
  }
}
