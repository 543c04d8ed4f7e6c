package instructvideo.clip;

import instructvideo.nn.ParameterShapes;
import java.util.SortedMap;

/** The tensors of an OpenCLIP checkpoint, in its own names. */
final class OpenClipShapes {

  private final ClipModelConfig config;
  private final ParameterShapes shapes = new ParameterShapes();

  OpenClipShapes(ClipModelConfig config) {
    this.config = config;
  }

  /** The shape of each by name. */
  SortedMap<String, long[]> all() {
    long text = config.text().tower().width();
    shapes.tensor("token_embedding.weight", config.text().vocabSize(), text);
    shapes.tensor("positional_embedding", ClipTextConfig.POSITIONS, text);
    layers(shapes.at("transformer"), config.text().tower());
    shapes.norm("ln_final", text);
    shapes.tensor("text_projection", text, config.projectionDim());
    shapes.tensor("logit_scale");
    vision(shapes.at("visual"), config.vision());
    return shapes.byName();
  }

  private void vision(ParameterShapes visual, ClipVisionConfig vision) {
    long width = vision.tower().width();
    visual.tensor("class_embedding", width);
    visual.tensor("positional_embedding", vision.positions(), width);
    visual.tensor("conv1.weight", width, 3, vision.patchSize(), vision.patchSize());
    visual.norm("ln_pre", width);
    layers(visual.at("transformer"), vision.tower());
    visual.norm("ln_post", width);
    visual.tensor("proj", width, config.projectionDim());
  }

  private static void layers(ParameterShapes transformer, ClipConfig tower) {
    long width = tower.width();
    for (int i = 0; i < tower.layers(); i++) {
      ParameterShapes block = transformer.at("resblocks." + i);
      block.norm("ln_1", width);
      block.tensor("attn.in_proj_weight", 3 * width, width);
      block.tensor("attn.in_proj_bias", 3 * width);
      block.linear("attn.out_proj", width, width);
      block.norm("ln_2", width);
      block.linear("mlp.c_fc", width, tower.intermediate());
      block.linear("mlp.c_proj", tower.intermediate(), width);
    }
  }
}
