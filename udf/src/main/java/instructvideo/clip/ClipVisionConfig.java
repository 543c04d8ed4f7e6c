package instructvideo.clip;

import instructvideo.format.ConfigFile;
import instructvideo.nn.ParameterShapes;

public record ClipVisionConfig(ClipConfig tower, int imageSize, int patchSize) {
  private static final ClipConfig DEFAULTS = new ClipConfig(768, 3072, 12, 12, true);

  static ClipVisionConfig ofHuggingFace(ConfigFile config) {
    config.only("num_channels", 3);
    return new ClipVisionConfig(
        ClipConfig.ofHuggingFace(config, DEFAULTS),
        config.count("image_size", 224),
        config.count("patch_size", 32));
  }

  long positions() {
    long side = imageSize / patchSize;
    return side * side + 1L;
  }

  void describe(ParameterShapes shapes) {
    long width = tower.width();
    shapes.tensor("embeddings.class_embedding", width);
    shapes.tensor("embeddings.patch_embedding.weight", width, 3L, patchSize, patchSize);
    shapes.tensor("embeddings.position_embedding.weight", positions(), width);
    shapes.norm("pre_layrnorm", width);
    HuggingFaceShapes.layers(shapes, tower);
    shapes.norm("post_layernorm", width);
  }
}
