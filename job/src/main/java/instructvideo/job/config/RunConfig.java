package instructvideo.job.config;

import static instructvideo.job.config.Requirements.require;

import instructvideo.diffusion.SamplerConfig;
import instructvideo.lora.LoraConfig;
import instructvideo.nn.Precision;
import instructvideo.optim.OptimizerConfig;
import instructvideo.reward.Interpolation;
import instructvideo.reward.RewardConfig;
import instructvideo.train.RoundsConfig;
import instructvideo.video.VideoConfig;
import java.util.List;
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
    ScoreConfig score,
    TopConfig top,
    AdapterConfig adapter,
    GenerateConfig generate,
    EvaluateConfig evaluate,
    GuardConfig guard,
    TrackingConfig tracking,
    ReportConfig report,
    VerifyConfig verify,
    BenchConfig bench,
    DoctorConfig doctor,
    DemoConfig demo,
    ClaimConfig claim,
    Map<String, String> spark) {

  /**
   * What prepare is given besides the models.
   *
   * @param allowLocalVideos whether a list on a remote store may name files of this machine
   * @param limit of prompts, 0 for all
   * @param chunk prompts of one resumable piece of work
   */
  public record PrepareConfig(
      String prompts,
      String videos,
      boolean allowLocalVideos,
      double maxRejectFraction,
      int limit,
      int chunk) {
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
   * @param best the checkpoint that the guard found best, in place of round
   */
  public record ExportConfig(String run, Format format, int round, boolean best) {

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

  /**
   * What score is given besides the rewards.
   *
   * @param prompt of videos without one
   * @param every step of {@link FrameChoiceName#EVERY}
   * @param batch frames that the models take at once, 0 for what suits the device
   * @param decodeThreads 0 for as many as cores
   * @param decodeTimeout seconds
   * @param chunk videos of one file of the table, 0 to choose by their number
   * @param html URI of the page, empty for none
   */
  public record ScoreConfig(
      String videos,
      String prompts,
      String prompt,
      FrameChoiceName frameChoice,
      int every,
      Interpolation interpolation,
      int batch,
      int decodeThreads,
      double decodeTimeout,
      int chunk,
      boolean allowLocalVideos,
      boolean retryErrors,
      boolean overwrite,
      String html) {

    /** Which frames of a video are scored. */
    public enum FrameChoiceName {
      MIDDLE,
      FIRST,
      RANDOM,
      EVERY,
      ALL
    }

    public ScoreConfig {
      require(every >= 1, "score.every must be at least 1, is %s", every);
      require(batch >= 0, "score.batch must not be negative, is %s", batch);
      require(
          decodeThreads >= 0, "score.decode-threads must not be negative, is %s", decodeThreads);
      require(
          decodeTimeout > 0 && decodeTimeout < 1e6,
          "score.decode-timeout must be above 0 seconds, is %s",
          decodeTimeout);
      require(chunk >= 0, "score.chunk must not be negative, is %s", chunk);
    }
  }

  /**
   * What top keeps.
   *
   * @param k rows, 0 for all
   * @param min lowest score, empty for any
   * @param perPrompt rows of each prompt, 0 for all
   */
  public record TopConfig(String scores, String reward, int k, String min, int perPrompt) {
    public TopConfig {
      require(k >= 0, "top.k must not be negative, is %s", k);
      require(
          min.isEmpty() || min.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?"),
          "top.min must be a number, is %s",
          min);
      require(perPrompt >= 0, "top.per-prompt must not be negative, is %s", perPrompt);
    }
  }

  /** What verify reads. */
  public record VerifyConfig(String caseDir) {}

  /**
   * How much the demo does.
   *
   * @param clips that it trains on
   * @param captions held out, of 10
   * @param copies videos of each caption
   * @param variants trainings to compare instead, NAME.KEY to value
   * @param seeds of each of them
   */
  public record DemoConfig(
      int clips, int captions, int copies, Map<String, String> variants, List<Integer> seeds) {
    public DemoConfig {
      require(clips >= 1, "demo.clips must be at least 1, is %s", clips);
      require(1 <= captions && captions <= 10, "demo.captions must be in 1..10, is %s", captions);
      require(copies >= 1, "demo.copies must be at least 1, is %s", copies);
    }
  }
}
