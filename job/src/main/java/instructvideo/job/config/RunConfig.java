package instructvideo.job.config;

import instructvideo.diffusion.SamplerConfig;
import instructvideo.lora.LoraConfig;
import instructvideo.nn.Precision;
import instructvideo.optim.OptimizerConfig;
import instructvideo.reward.RewardConfig;
import instructvideo.train.RoundsConfig;
import instructvideo.video.VideoConfig;
import java.util.Map;

/**
 * All settings of a command: the tree of reference.conf, whose comments are its documentation.
 *
 * @param threads CPU threads of one tensor operation, 0 for all
 * @param spark settings of Spark, without the leading "spark."
 */
public record RunConfig(
    String model,
    String data,
    String out,
    long seed,
    Precision precision,
    String master,
    int threads,
    RewardConfig reward,
    VideoConfig video,
    SamplerConfig sampler,
    LoraConfig lora,
    OptimizerConfig optimizer,
    RoundsConfig train,
    PrepareConfig prepare,
    ExportConfig export,
    VerifyConfig verify,
    BenchConfig bench,
    DemoConfig demo,
    Map<String, String> spark) {

  /**
   * What prepare is given besides the models.
   *
   * @param limit of prompts, 0 for all
   * @param chunk prompts of one resumable piece of work
   */
  public record PrepareConfig(
      String prompts, String videos, double maxRejectFraction, int limit, int chunk) {
    public PrepareConfig {
      require(
          0 <= maxRejectFraction && maxRejectFraction <= 1,
          "prepare.max-reject-fraction must be in [0, 1], is %s",
          maxRejectFraction);
      require(limit >= 0, "prepare.limit must not be negative, is %s", limit);
      require(chunk >= 1, "prepare.chunk must be at least 1, is %s", chunk);
    }
  }

  /**
   * What export writes.
   *
   * @param round of the checkpoint, 0 for the latest
   */
  public record ExportConfig(String run, Format format, int round) {

    /** File layouts of an adapter. */
    public enum Format {
      PEFT,
      DIFFUSERS,
      MERGED
    }

    public ExportConfig {
      require(round >= 0, "export.round must not be negative, is %s", round);
    }
  }

  /** What verify reads. */
  public record VerifyConfig(String caseDir) {}

  /** How long bench measures. */
  public record BenchConfig(int steps) {
    public BenchConfig {
      require(steps >= 1, "bench.steps must be at least 1, is %s", steps);
    }
  }

  /**
   * How much the demo does.
   *
   * @param clips that it trains on
   * @param captions held out, of 8
   * @param copies videos of each caption
   */
  public record DemoConfig(int clips, int captions, int copies) {
    public DemoConfig {
      require(clips >= 1, "demo.clips must be at least 1, is %s", clips);
      require(1 <= captions && captions <= 8, "demo.captions must be in 1..8, is %s", captions);
      require(copies >= 1, "demo.copies must be at least 1, is %s", copies);
    }
  }

  private static void require(boolean holds, String message, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(value));
    }
  }
}
