package instructvideo.clip;

import ai.djl.ndarray.NDArray;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Embedding;
import instructvideo.nn.Functional;
import instructvideo.nn.LayerNorm;
import instructvideo.nn.Weights;
import java.util.List;

/** Token ids to the embedding of each token. */
public final class ClipTextModel {

  private final Embedding tokenEmbedding;
  private final NDArray positionEmbedding;
  private final List<ClipLayer> layers;
  private final LayerNorm finalLayerNorm;

  public ClipTextModel(Weights weights, ClipTextConfig config) {
    tokenEmbedding = weights.embedding("embeddings.token_embedding");
    positionEmbedding = weights.get("embeddings.position_embedding.weight");
    layers = weights.each("encoder.layers", layer -> new ClipLayer(layer, config.tower()));
    finalLayerNorm = weights.layerNorm("final_layer_norm");
  }

  /**
   * The last hidden state of each token.
   *
   * @param ids (b, 77)
   * @return (b, 77, d)
   */
  public NDArray forward(NDArray ids) {
    NDArray x = tokenEmbedding.forward(ids).add(positionEmbedding);
    for (ClipLayer layer : layers) {
      x = BlockRunner.FREEING.run(in -> layer.forward(in.head(), true), x);
    }

    return Functional.float32(finalLayerNorm.forward(x));
  }
}
