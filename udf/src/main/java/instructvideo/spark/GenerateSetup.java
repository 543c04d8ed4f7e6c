package instructvideo.spark;

import instructvideo.diffusion.SamplerConfig;
import instructvideo.format.Fingerprint;
import instructvideo.nn.Precision;
import instructvideo.video.VideoConfig;
import instructvideo.video.VideoFormat;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * How videos are made from prompts. An executor keeps the models of a (model, modelId, precision),
 * whatever the adapters are.
 *
 * @param model URI of the diffusers directory
 * @param modelId fingerprint of its parts
 * @param sampler of full chains; their length is the item's
 * @param seed of all noise
 * @param adapters by name; the model alone is {@link #BASE}
 * @param isMerged whether adapters are added to the weights first
 * @param format {@link VideoFormat#PNG} for a folder of pictures a video
 * @param threads CPU threads of one tensor operation, 0 for all
 */
public record GenerateSetup(
    String model,
    String modelId,
    Precision precision,
    VideoConfig video,
    SamplerConfig sampler,
    long seed,
    SortedMap<String, GenerateAdapter> adapters,
    boolean isMerged,
    VideoFormat format,
    int threads)
    implements Serializable {

  /** The name of no adapter. */
  public static final String BASE = "base";

  /** The folder of the videos in the output. */
  static final String VIDEOS = "videos";

  /** Of the arithmetic that the settings' fingerprint stands for. */
  private static final int VERSION = 1;

  /** Letters of a prompt's id that a file's name begins with. */
  private static final int LONGEST_NAME = 60;

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if an adapter is called {@link #BASE}
   */
  public GenerateSetup {
    if (adapters.containsKey(BASE)) {
      throw new IllegalArgumentException(
          "an adapter cannot be called " + BASE + ": so is the model without one");
    }
  }

  /** Of the frozen models. */
  String modelsKey() {
    return model + "\n" + modelId + "\n" + precision;
  }

  /** Null for the model alone. */
  GenerateAdapter adapter(GenerateItem item) {
    GenerateAdapter adapter = adapters.get(item.adapter());
    if (adapter == null && !item.adapter().equals(BASE)) {
      throw new IllegalArgumentException(
          "no adapter %s, there are %s".formatted(item.adapter(), adapters.keySet()));
    }

    return adapter;
  }

  /** Whether the weights that an item's video is made with hold its adapter. */
  boolean isMerged(GenerateItem item) {
    return isMerged && adapter(item) != null;
  }

  /** The settings that decide a video besides prompt, copy and adapter: hexadecimal. */
  public String settingsId(GenerateItem item) {
    return Fingerprint.of(
        List.of(
            String.valueOf(VERSION),
            modelId,
            precision.toString(),
            video.toString(),
            String.valueOf(item.ddimSteps()),
            String.valueOf(sampler.eta()),
            String.valueOf(sampler.guidanceScale()),
            sampler.negativePrompt(),
            String.valueOf(seed),
            String.valueOf(isMerged(item)),
            format.toString()));
  }

  /** All that decides a video's bytes: hexadecimal. Not the adapter's name. */
  public String videoId(GenerateItem item) {
    GenerateAdapter adapter = adapter(item);
    return Fingerprint.of(
        List.of(
            settingsId(item),
            adapter == null ? "" : adapter.id() + " " + adapter.strength(),
            item.promptId(),
            item.prompt(),
            String.valueOf(item.copy())));
  }

  /**
   * Where a video lies below the output: folder and file. The end of the name is of its {@link
   * #videoId}, so that nothing that a list of prompts says puts two into one place, or one outside.
   */
  String path(GenerateItem item) {
    String name =
        "%s-%d-%s".formatted(safe(item.promptId()), item.copy(), videoId(item).substring(0, 16));
    return VIDEOS + "/" + safe(item.adapter()) + "/" + name + EXTENSIONS.getOrDefault(format, "");
  }

  private static final Map<VideoFormat, String> EXTENSIONS =
      Map.of(
          VideoFormat.MP4, ".mp4",
          VideoFormat.GIF, ".gif",
          VideoFormat.WEBP, ".webp",
          VideoFormat.APNG, ".apng",
          VideoFormat.FFV1, ".mkv");

  /** No separators, and no dot or underscore in front, which readers pass over. */
  private static String safe(String text) {
    String name = text.replaceAll("[^A-Za-z0-9._-]+", "_").replaceFirst("^[._-]+", "");
    String cut = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    return cut.isEmpty() ? "video" : cut;
  }
}
