package instructvideo.clip;

import instructvideo.format.ConfigFile;
import instructvideo.nn.ParameterShapes;

/**
 * What a vision tower's config says.
 *
 * @param imageSize height and width of the images it takes, in pixels
 * @param patchSize height and width of a patch, in pixels
 */
public record ClipVisionConfig(ClipConfig tower, int imageSize, int patchSize) {

  /** Those of transformers' CLIPVisionConfig. */
  private static final ClipConfig DEFAULTS = new ClipConfig(768, 3072, 12, 12, true);

  static ClipVisionConfig ofHuggingFace(ConfigFile config) {
    config.only("num_channels", 3);
    return new ClipVisionConfig(
        ClipConfig.ofHuggingFace(config, DEFAULTS),
        config.count("image_size", 224),
        config.count("patch_size", 32));
  }

  /** Patches of an image, and the class token. */
  long positions() {
    long side = imageSize / patchSize;
    return side * side + 1;
  }

  /** Adds the tower's tensors under Hugging Face's names. */
  void describe(ParameterShapes shapes) {
    long width = tower.width();
    shapes.tensor("embeddings.class_embedding", width);
    shapes.tensor("embeddings.patch_embedding.weight", width, 3, patchSize, patchSize);
    shapes.tensor("embeddings.position_embedding.weight", positions(), width);
    shapes.norm("pre_layrnorm", width); // transformers spells it so
    HuggingFaceShapes.layers(shapes, tower);
    shapes.norm("post_layernorm", width);
  }
}
