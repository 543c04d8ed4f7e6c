package instructvideo.clip;

import static instructvideo.nn.Functional.normalize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Linear;
import instructvideo.nn.Weights;

/** Images and texts to features of length one in a common space. */
public final class ClipModel {

  private final ClipTextModel textModel;
  private final Linear textProjection;
  private final ClipVisionModel visionModel;
  private final Linear visualProjection;

  /**
   * Builds both towers.
   *
   * @param weights under Hugging Face's names, see {@link OpenClipNames}
   */
  public ClipModel(Weights weights, ClipConfig text, ClipConfig vision) {
    textModel = new ClipTextModel(weights.at("text_model"), text);
    textProjection = weights.linear("text_projection");
    visionModel = new ClipVisionModel(weights.at("vision_model"), vision);
    visualProjection = weights.linear("visual_projection");
  }

  /**
   * The feature of each text.
   *
   * @param ids (b, 77)
   * @return (b, d)
   */
  public NDArray textFeatures(NDArray ids) {
    NDArray x = textModel.forward(ids);
    NDArray end = ids.argMax(1); // the end token has the largest id
    x = x.get(new NDIndex("{}, {}", ids.getManager().arange((int) ids.getShape().get(0)), end));
    return normalize(textProjection.forward(x));
  }

  /**
   * The feature of each image.
   *
   * @param images normalised, (b, 3, H, W)
   * @return (b, d)
   */
  public NDArray imageFeatures(NDArray images, BlockRunner runner) {
    NDArray x = visionModel.forward(images, runner);
    return runner.run(in -> normalize(visualProjection.forward(in.head())), x);
  }

  /** Height and width of the images it takes. */
  public int imageSize() {
    return visionModel.imageSize();
  }
}
