package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import instructvideo.clip.ClipModel;
import instructvideo.nn.BlockRunner;

/** Cosine of image and text features: HPSv2, PickScore, CLIP. */
public record ClipReward(ClipModel clip, ImagePreprocessor preprocessor) implements FrameReward {

  /**
   * The feature of each frame.
   *
   * @param frames (n, 3, H, W) in [0, 1]
   * @return (n, d), of length one
   */
  public NDArray imageFeatures(NDArray frames, BlockRunner runner) {
    NDArray images = runner.run(in -> preprocessor.forward(in.head()), frames);
    return clip.imageFeatures(images, runner);
  }

  @Override
  public NDArray score(NDArray frames, NDArray textFeatures, BlockRunner runner) {
    return imageFeatures(frames, runner).mul(textFeatures).sum(new int[] {1});
  }

  @Override
  public int textWidth() {
    return clip.featureSize();
  }
}
