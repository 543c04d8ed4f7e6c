package instructvideo.reward;

import ai.djl.ndarray.NDManager;
import instructvideo.video.RgbFrame;
import java.util.List;

/**
 * Pictures that are scored together, of any sizes and of different videos, each with its prompt.
 *
 * @param manager of this batch; closed after it
 * @param prompts one for each frame, null where a video has none
 */
public record FrameBatch(NDManager manager, List<RgbFrame> frames, List<String> prompts) {

  /** How many pictures there are. */
  public int size() {
    return frames.size();
  }
}
