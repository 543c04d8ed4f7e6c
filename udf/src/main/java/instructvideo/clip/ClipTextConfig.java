package instructvideo.clip;

import instructvideo.format.ConfigFile;
import instructvideo.nn.ParameterShapes;
import java.nio.file.Path;
import java.util.SortedMap;

public record ClipTextConfig(ClipConfig tower, int vocabSize, int endToken) {
  public static final String MODEL = "CLIPTextModel";
  static final int POSITIONS = 77;
  static final int LARGEST = 2;
  private static final ClipConfig DEFAULTS = new ClipConfig(512, 2048, 12, 8, true);

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
        config.count("vocab_size", 49408),
        (int) config.number("eos_token_id", 49407.0));
  }

  public SortedMap<String, long[]> shapes() {
    ParameterShapes shapes = new ParameterShapes();
    describe(shapes);
    return shapes.byName();
  }

  void describe(ParameterShapes shapes) {
    shapes.tensor("embeddings.token_embedding.weight", vocabSize, tower.width());
    shapes.tensor("embeddings.position_embedding.weight", 77L, tower.width());
    HuggingFaceShapes.layers(shapes, tower);
    shapes.norm("final_layer_norm", tower.width());
  }
}
