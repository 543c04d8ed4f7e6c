package instructvideo.job.config;

import java.util.Map;

/**
 * The adapters that videos are made with.
 *
 * @param paths by name; a run, a PEFT directory or a diffusers file
 * @param scale 0 (the model alone) to 1
 * @param merge whether they are added to the weights first
 */
public record AdapterConfig(Map<String, String> paths, double scale, boolean merge) {
  public AdapterConfig {
    Requirements.require(0 <= scale && scale <= 1, "adapter.scale must be in [0, 1], is %s", scale);
  }
}
