package instructvideo.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Functional;
import instructvideo.nn.Linear;
import instructvideo.nn.Weights;
import java.util.Arrays;

/** Images and texts to features of length one in a common space. */
public final class ClipModel {

  private final ClipModelConfig config;
  private final ClipTextModel textModel;
  private final Linear textProjection;
  private final ClipVisionModel visionModel;
  private final Linear visualProjection;

  /**
   * Builds both towers.
   *
   * @param weights under Hugging Face's names, see {@link OpenClipNames}
   */
  public ClipModel(Weights weights, ClipModelConfig config) {
    boolean reads = weights.has("text_model");
    boolean sees = weights.has("vision_model");
    this.config = config;
    textModel = reads ? new ClipTextModel(weights.at("text_model"), config.text()) : null;
    textProjection = reads ? weights.linear("text_projection") : null;
    visionModel = sees ? new ClipVisionModel(weights.at("vision_model"), config.vision()) : null;
    visualProjection = sees ? weights.linear("visual_projection") : null;
  }

  /**
   * The feature of each text.
   *
   * @param ids (b, 77)
   * @return (b, d)
   */
  public NDArray textFeatures(NDArray ids) {
    NDArray x = textModel.forward(ids);
    NDArray end = ids.getManager().create(ends(ids));
    x = x.get(new NDIndex("{}, {}", ids.getManager().arange((int) ids.getShape().get(0)), end));
    return Functional.normalize(
        Functional.float32(textProjection.forward(Functional.typeAs(x, textProjection.weight()))));
  }

  /**
   * The feature of each image.
   *
   * @param images normalised, (b, 3, H, W)
   * @return (b, d)
   */
  public NDArray imageFeatures(NDArray images, BlockRunner runner) {
    NDArray x = visionModel.forward(images, runner);
    return runner.run(
        in -> Functional.normalize(Functional.float32(visualProjection.forward(in.head()))), x);
  }

  /** Height and width of the images it takes. */
  public int imageSize() {
    return config.vision().imageSize();
  }

  /** Numbers of a feature. */
  public int featureSize() {
    return config.projectionDim();
  }

  /** The position of each text's end. */
  private long[] ends(NDArray ids) {
    long[] flat = ids.toLongArray();
    int length = (int) ids.getShape().get(1);
    long[] ends = new long[flat.length / length];
    for (int text = 0; text < ends.length; text++) {
      ends[text] = end(Arrays.copyOfRange(flat, text * length, (text + 1) * length));
    }

    return ends;
  }

  /**
   * transformers' rule: the first end token, or 0 if there is none; where the config says 2, which
   * early configs say by mistake, the largest id, as OpenCLIP takes it.
   */
  private long end(long... text) {
    boolean takesLargest = config.text().endToken() == ClipTextConfig.LARGEST;
    int largest = 0;
    for (int i = 0; i < text.length; i++) {
      if (!takesLargest && text[i] == config.text().endToken()) {
        return i;
      }

      largest = text[i] > text[largest] ? i : largest;
    }

    return takesLargest ? largest : 0;
  }
}
