package instructvideo.spark;

import instructvideo.video.VideoFacts;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of {@link MeasuresTable}.
 *
 * @param contentId SHA-256 of its bytes; null if they could not be read
 * @param frameIndices of the frames that were scored, ascending
 * @param frameScores of these frames, by reward and sum
 * @param motion null where it is not defined, as the other measures
 * @param feature mean image feature of its frames, of length one; null if none was asked for
 * @param identity of the rewards and settings
 * @param error why it has no numbers, null if it has
 */
public record MeasuredVideo(
    MeasureItem item,
    String contentId,
    VideoFacts facts,
    int[] frameIndices,
    TreeMap<String, double[]> frameScores,
    Double motion,
    Double consistency,
    Double sharpness,
    Double saturation,
    float[] feature,
    TreeMap<String, String> identity,
    String error)
    implements Serializable {

  /** A video that there is none of. */
  public static MeasuredVideo missing(MeasureItem item, String error) {
    return failed(item, null, new TreeMap<>(), error);
  }

  /** A video without numbers. */
  static MeasuredVideo failed(
      MeasureItem item, String contentId, Map<String, String> identity, String error) {
    return new MeasuredVideo(
        item,
        contentId,
        VideoFacts.UNKNOWN,
        new int[0],
        new TreeMap<>(),
        null,
        null,
        null,
        null,
        null,
        new TreeMap<>(identity),
        error);
  }

  /** The score by a reward or sum: the mean over its frames; null if there is none. */
  public Double score(String reward) {
    double[] scores = frameScores.get(reward);
    return scores == null ? null : Double.valueOf(Arrays.stream(scores).sum() / scores.length);
  }

  /** Whether it is what measuring these bytes again would give. */
  boolean isStill(MeasureItem other, String content, TreeMap<String, String> others) {
    return error == null
        && item.equals(other)
        && content.equals(contentId)
        && identity.equals(others);
  }
}
