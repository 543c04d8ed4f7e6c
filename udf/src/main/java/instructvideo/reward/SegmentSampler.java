package instructvideo.reward;

import instructvideo.random.CounterRandom;

/**
 * SegVR (section 4.3 of the paper): a video is cut into equal segments and one frame is drawn from
 * each.
 *
 * @param segments S
 */
public record SegmentSampler(int segments) {

  /**
   * The frames of one video: the s-th is in [s * span, (s + 1) * span) with span = frames div S.
   *
   * @param numFrames of the video, at least as many as segments
   */
  public int[] draw(CounterRandom random, int numFrames) {
    int span = numFrames / segments;
    int[] frameIndices = new int[segments];
    for (int s = 0; s < segments; s++) {
      frameIndices[s] = s * span + random.nextInt(span);
    }

    return frameIndices;
  }
}
