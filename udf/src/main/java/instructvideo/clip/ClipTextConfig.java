package instructvideo.clip;

import instructvideo.format.ConfigFile;
import instructvideo.nn.ParameterShapes;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * What a text tower's config says.
 *
 * @param endToken whose position a text's feature is taken from; {@link #LARGEST} for the largest
 *     id
 */
public record ClipTextConfig(ClipConfig tower, int vocabSize, int endToken) {

  /** The class in transformers. */
  public static final String MODEL = "CLIPTextModel";

  /** Tokens of a text. */
  static final int POSITIONS = 77;

  /** In place of an end token: it is the largest id of a text. */
  static final int LARGEST = 2;

  /** Tokens of CLIP's vocabulary; the last is the end token. */
  static final int VOCABULARY = 49408;

  /** Those of transformers' CLIPTextConfig. */
  private static final ClipConfig DEFAULTS = new ClipConfig(512, 2048, 12, 8, true);

  /**
   * Reads {@code text_encoder/config.json}.
   *
   * @throws instructvideo.error.InvalidInputException if it is another model, or has options that
   *     are not built here
   */
  public static ClipTextConfig read(Path file) {
    ConfigFile config = ConfigFile.read(file, MODEL);
    if (config.has("architectures")) {
      config.texts("architectures", MODEL);
    }

    config.only("model_type", "clip_text_model");
    return ofHuggingFace(config);
  }

  static ClipTextConfig ofHuggingFace(ConfigFile config) {
    config.only("max_position_embeddings", POSITIONS);
    return new ClipTextConfig(
        ClipConfig.ofHuggingFace(config, DEFAULTS),
        config.count("vocab_size", VOCABULARY),
        (int) config.number("eos_token_id", VOCABULARY - 1));
  }

  /** The name and shape of each tensor, without the prefix "text_model.". */
  public SortedMap<String, long[]> shapes() {
    ParameterShapes shapes = new ParameterShapes();
    describe(shapes);
    return shapes.byName();
  }

  /** Adds the tower's tensors under Hugging Face's names. */
  void describe(ParameterShapes shapes) {
    shapes.tensor("embeddings.token_embedding.weight", vocabSize, tower.width());
    shapes.tensor("embeddings.position_embedding.weight", POSITIONS, tower.width());
    HuggingFaceShapes.layers(shapes, tower);
    shapes.norm("final_layer_norm", tower.width());
  }
}
