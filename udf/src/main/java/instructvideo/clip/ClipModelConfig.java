package instructvideo.clip;

import com.google.gson.JsonObject;
import instructvideo.format.ConfigFile;
import instructvideo.nn.ParameterShapes;
import java.util.Set;
import java.util.SortedMap;

/**
 * What a CLIP model is, from an OpenCLIP or a Hugging Face config.
 *
 * @param projectionDim length of the features
 * @param openClip whether the checkpoint has OpenCLIP's names
 */
public record ClipModelConfig(
    ClipTextConfig text, ClipVisionConfig vision, int projectionDim, boolean openClip) {

  private static final Set<String> OPEN_CLIP_KEYS =
      Set.of(
          "embed_dim", "quick_gelu", "vision_cfg", "text_cfg", "custom_text", "init_logit_scale");
  private static final Set<String> OPEN_CLIP_VISION_KEYS =
      Set.of(
          "layers",
          "width",
          "head_width",
          "mlp_ratio",
          "patch_size",
          "image_size",
          "patch_dropout");
  private static final Set<String> OPEN_CLIP_TEXT_KEYS =
      Set.of("context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio");

  /**
   * Of a CLIPModel's config.json.
   *
   * @throws instructvideo.error.InvalidInputException if it is another model, or has options that
   *     are not built here
   */
  public static ClipModelConfig ofHuggingFace(ConfigFile config) {
    config.isClass("model_type", "clip");
    if (config.has("architectures")) {
      config.texts("architectures", "CLIPModel");
    }

    return new ClipModelConfig(
        ClipTextConfig.ofHuggingFace(merged(config, "text_config")),
        ClipVisionConfig.ofHuggingFace(merged(config, "vision_config")),
        config.count("projection_dim", 512),
        false);
  }

  /**
   * Of an OpenCLIP model config: "model_cfg" of an open_clip_config.json, or a file of its own.
   *
   * @throws instructvideo.error.InvalidInputException if it has options that are not built here
   */
  public static ClipModelConfig ofOpenClip(ConfigFile config) {
    config.onlyKnown(OPEN_CLIP_KEYS);
    boolean quickGelu = config.flag("quick_gelu");
    return new ClipModelConfig(
        openClipText(config.in("text_cfg"), quickGelu),
        openClipVision(config.in("vision_cfg"), quickGelu),
        config.count("embed_dim"),
        true);
  }

  /** The name and shape of each tensor of its checkpoint, in the names of its format. */
  public SortedMap<String, long[]> shapes() {
    if (openClip) {
      return new OpenClipShapes(this).all();
    }

    ParameterShapes shapes = new ParameterShapes();
    text.describe(shapes.at("text_model"));
    vision.describe(shapes.at("vision_model"));
    shapes.linearNoBias("text_projection", text.tower().width(), projectionDim);
    shapes.linearNoBias("visual_projection", vision.tower().width(), projectionDim);
    shapes.tensor("logit_scale");
    return shapes.byName();
  }

  /** Early configs have "text_config_dict" beside "text_config"; transformers lets it win. */
  private static ConfigFile merged(ConfigFile config, String key) {
    JsonObject json = config.in(key).json().deepCopy();
    config.in(key + "_dict").json().asMap().forEach(json::add);
    return new ConfigFile(config.file(), config.model() + "'s " + key, json);
  }

  private static ClipTextConfig openClipText(ConfigFile config, boolean quickGelu) {
    config.only("pool_type", "argmax");
    config.onlyKnown(OPEN_CLIP_TEXT_KEYS, "pool_type");
    config.only("context_length", ClipTextConfig.POSITIONS);
    int width = config.count("width", 512);
    ClipConfig tower =
        new ClipConfig(
            width,
            (int) (width * config.number("mlp_ratio", 4.0)),
            config.layers("layers", 12),
            config.count("heads", 8),
            quickGelu);
    return new ClipTextConfig(
        tower.checked(config),
        config.count("vocab_size", ClipTextConfig.VOCABULARY),
        ClipTextConfig.LARGEST);
  }

  private static ClipVisionConfig openClipVision(ConfigFile config, boolean quickGelu) {
    config.only("pool_type", "tok");
    config.onlyKnown(OPEN_CLIP_VISION_KEYS, "pool_type");
    int width = config.count("width", 768);
    ClipConfig tower =
        new ClipConfig(
            width,
            (int) (width * config.number("mlp_ratio", 4.0)),
            config.layers("layers", 12),
            width / config.count("head_width", 64),
            quickGelu);
    return new ClipVisionConfig(
        tower.checked(config), config.count("image_size", 224), config.count("patch_size", 16));
  }
}
