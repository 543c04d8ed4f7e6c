package instructvideo.clip;

import instructvideo.nn.ParameterShapes;
import java.util.List;

/** The tensors of a tower's layers under Hugging Face's names. */
final class HuggingFaceShapes {

  private HuggingFaceShapes() {}

  /** Adds those of {@code encoder.layers.*}. */
  static void layers(ParameterShapes shapes, ClipConfig tower) {
    for (int i = 0; i < tower.layers(); i++) {
      ParameterShapes layer = shapes.at("encoder.layers." + i);
      for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        layer.linear("self_attn." + name, tower.width(), tower.width());
      }

      layer.norm("layer_norm1", tower.width());
      layer.norm("layer_norm2", tower.width());
      layer.linear("mlp.fc1", tower.width(), tower.intermediate());
      layer.linear("mlp.fc2", tower.intermediate(), tower.width());
    }
  }
}
