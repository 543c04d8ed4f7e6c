package instructvideo.job.config;

import static instructvideo.job.config.Requirements.require;

/**
 * What generate is given besides the model and the adapters.
 *
 * @param prompts URI of a list
 * @param withBase whether videos without an adapter are made, too
 * @param overwrite whether videos that are there are made again
 * @param chunk videos of one file of the table, 0 to choose by their number
 */
public record GenerateConfig(
    String prompts,
    int videosPerPrompt,
    boolean withBase,
    Format format,
    boolean overwrite,
    int chunk) {

  /** How a video is kept. */
  public enum Format {
    MP4,
    GIF,
    WEBP,
    /** A folder of PNG files. */
    FRAMES
  }

  public GenerateConfig {
    require(
        videosPerPrompt >= 1,
        "generate.videos-per-prompt must be at least 1, is %s",
        videosPerPrompt);
    require(chunk >= 0, "generate.chunk must not be negative, is %s", chunk);
  }
}
