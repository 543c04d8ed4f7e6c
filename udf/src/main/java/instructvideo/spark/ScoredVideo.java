package instructvideo.spark;

import instructvideo.video.VideoFacts;
import java.util.Map;

/**
 * What became of an item.
 *
 * @param facts of the video, as far as they are known
 * @param contentId null if its bytes could not be read
 * @param frameIndices of the frames that were scored, ascending
 * @param frameTimes of these frames, in seconds from the first frame
 * @param frameScores of these frames, by the name of the reward
 * @param error why it has no score, null if it has
 */
public record ScoredVideo(
    ScoreItem item,
    VideoFacts facts,
    String contentId,
    int[] frameIndices,
    double[] frameTimes,
    Map<String, double[]> frameScores,
    String error) {}
