package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import instructvideo.nn.BlockRunner;

/** A score of pictures that can be trained on: its gradient flows back to the pixels. */
public interface FrameReward {

  /**
   * The score of each picture for one prompt.
   *
   * @param frames (n, 3, H, W) in [0, 1]
   * @param textFeatures of the prompt, (1, {@link #textWidth}); not read where that is 0
   * @return (n)
   */
  NDArray score(NDArray frames, NDArray textFeatures, BlockRunner runner);

  /** Numbers of a prompt's feature; 0 where prompts do not matter. */
  int textWidth();
}
