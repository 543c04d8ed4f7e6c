package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import instructvideo.nn.BlockRunner;

/** LAION's aesthetic score: a head on the image feature; prompts do not matter. */
public record AestheticReward(ClipReward clip, AestheticHead head) implements FrameReward {

  @Override
  public NDArray score(NDArray frames, NDArray textFeatures, BlockRunner runner) {
    return runner.run(in -> head.forward(in.head()), clip.imageFeatures(frames, runner));
  }

  @Override
  public int textWidth() {
    return 0;
  }
}
