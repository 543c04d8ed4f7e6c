package instructvideo.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Functional;
import instructvideo.nn.LayerNorm;
import instructvideo.nn.Weights;
import java.util.List;

/** Images to the embedding of their class token. */
final class ClipVisionModel {

  private final NDArray patchEmbedding; // (d, 3, p, p)
  private final NDArray classEmbedding; // (d)
  private final NDArray positionEmbedding; // (1 + patches, d)
  private final LayerNorm preLayerNorm;
  private final List<ClipLayer> layers;
  private final LayerNorm postLayerNorm;

  ClipVisionModel(Weights weights, ClipVisionConfig config) {
    patchEmbedding = weights.get("embeddings.patch_embedding.weight");
    classEmbedding = weights.get("embeddings.class_embedding");
    positionEmbedding = weights.get("embeddings.position_embedding.weight");
    preLayerNorm = weights.layerNorm("pre_layrnorm"); // transformers spells it so
    layers = weights.each("encoder.layers", layer -> new ClipLayer(layer, config.tower()));
    postLayerNorm = weights.layerNorm("post_layernorm");
  }

  /**
   * The class token of each image, after the last layer norm.
   *
   * @param images normalised, (b, 3, H, W)
   * @return (b, d)
   */
  NDArray forward(NDArray images, BlockRunner runner) {
    NDArray x = runner.run(in -> embed(in.head()), images);
    for (ClipLayer layer : layers) {
      x = runner.run(in -> layer.forward(in.head(), false), x);
    }

    return runner.run(in -> postLayerNorm.forward(in.head().get(":, 0")), x);
  }

  private NDArray embed(NDArray images) {
    int patch = (int) patchEmbedding.getShape().get(2);
    NDArray x =
        Functional.conv2d(
            Functional.typeAs(images, patchEmbedding), patchEmbedding, patch); // (b, d, n, n)
    Shape s = x.getShape();
    x = x.reshape(s.get(0), s.get(1), -1).transpose(0, 2, 1); // (b, n*n, d)
    NDArray token = Functional.zerosLike(x.get(":, :1")).add(classEmbedding); // (b, 1, d)
    return preLayerNorm.forward(token.concat(x, 1).add(positionEmbedding));
  }
}
