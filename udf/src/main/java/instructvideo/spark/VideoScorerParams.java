package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import instructvideo.reward.RewardArguments;
import instructvideo.reward.RewardConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;

/** The parameters of {@link VideoScorer}; Spark ML finds them by their methods. */
public abstract class VideoScorerParams extends Transformer implements DefaultParamsWritable {

  private final String uid;
  private final StringArrayParam reward;
  private final StringArrayParam heads;
  private final StringArrayParam fit;
  private final Param<String> rewardConfig;
  private final Param<String> inputCol;
  private final Param<String> promptCol;
  private final Param<String> prompt;
  private final Param<String> outputCol;
  private final Param<String> errorCol;
  private final Param<String> detailsCol;
  private final Param<String> frameChoice;
  private final IntParam segments;
  private final IntParam every;
  private final Param<String> interpolation;
  private final IntParam batch;
  private final IntParam decodeThreads;
  private final DoubleParam decodeTimeout;
  private final LongParam seed;
  private final IntParam threads;
  private final Param<String> precision;

  VideoScorerParams(String uid) {
    this.uid = uid;
    reward =
        new StringArrayParam(
            this,
            "reward",
            "rewards: NAME=PATH of a model, NAME of a class on the class path, or a sum such as 0.7*hpsv2+0.3*aesthetic of the others");
    heads =
        new StringArrayParam(
            this,
            "heads",
            "NAME=PATH of an aesthetic head on the image features of the reward NAME");
    fit =
        new StringArrayParam(
            this, "fit", "NAME=FIT of a reward: pad or crop; default: crop under a head, else pad");
    rewardConfig =
        new Param<>(
            this,
            "rewardConfig",
            "OpenCLIP model config (JSON) of a state dict whose architecture is not built in");
    inputCol =
        new Param<>(
            this, "inputCol", "column of the videos: path or URI (string) or bytes (binary)");
    promptCol =
        new Param<>(
            this, "promptCol", "column of the prompts, string; need not be there unless it is set");
    prompt = new Param<>(this, "prompt", "prompt of the videos without one");
    outputCol =
        new Param<>(
            this,
            "outputCol",
            "column of the score, double; of several rewards, a column outputCol_NAME for each");
    errorCol =
        new Param<>(
            this,
            "errorCol",
            "column of the reason why there is no score, string; null if there is one");
    detailsCol =
        new Param<>(
            this,
            "detailsCol",
            "column of a struct as SQL's video_score returns it, empty for none; of several rewards, detailsCol_NAME for each");
    frameChoice =
        new Param<>(
            this,
            "frameChoice",
            "frames that are scored: middle, first or random of each of as many spans as segments, every (see there), or all");
    segments = new IntParam(this, "segments", "frames scored per video");
    every = new IntParam(this, "every", "step of frameChoice every");
    interpolation =
        new Param<>(this, "interpolation", "how frames are resized: bicubic or bilinear");
    batch =
        new IntParam(
            this, "batch", "frames that the models take at once; 0: 16 on a GPU, 4 on a CPU");
    decodeThreads =
        new IntParam(
            this,
            "decodeThreads",
            "videos that an executor decodes at the same time; 0: as many as it has cores");
    decodeTimeout =
        new DoubleParam(this, "decodeTimeout", "seconds after which a video is given up");
    seed = new LongParam(this, "seed", "of frameChoice random");
    threads =
        new IntParam(
            this,
            "threads",
            "batches that are scored at once on a CPU; 0: as many as there are cores");
    precision = new Param<>(this, "precision", "of the models: float32, float16 or bfloat16");
    setDefaults();
  }

  private void setDefaults() {
    setDefault(reward, new String[0]);
    setDefault(heads, new String[0]);
    setDefault(fit, new String[0]);
    setDefault(rewardConfig, byDefault("reward.config"));
    setDefault(inputCol, "video");
    setDefault(promptCol, "prompt");
    setDefault(prompt, "");
    setDefault(outputCol, "score");
    setDefault(errorCol, "error");
    setDefault(detailsCol, "");
    setDefault(frameChoice, byDefault("score.frame-choice"));
    setDefault(segments, Integer.valueOf(byDefault("reward.segments")));
    setDefault(every, Integer.valueOf(byDefault("score.every")));
    setDefault(interpolation, byDefault("score.interpolation"));
    setDefault(batch, Integer.valueOf(byDefault("score.batch")));
    setDefault(decodeThreads, Integer.valueOf(byDefault("score.decode-threads")));
    setDefault(decodeTimeout, Double.valueOf(byDefault("score.decode-timeout")));
    setDefault(seed, Long.valueOf(byDefault("seed")));
    setDefault(threads, Integer.valueOf(byDefault("threads")));
    setDefault(precision, byDefault("precision"));
  }

  private static String byDefault(String key) {
    return ScoreSettings.DEFAULTS.get(key);
  }

  /** How the rewards are scored, as the parameters say. */
  final ScoreSetup setup() {
    Map<String, String> keys = new HashMap<>();
    RewardArguments rewards = RewardArguments.parse(List.of(getOrDefault(reward)));
    rewards.checkpoints().forEach((name, uri) -> keys.put("reward.checkpoints." + name, uri));
    rewards.sums().forEach((name, sum) -> keys.put("reward.sums." + name, sum));
    addPairs("heads", "reward.heads.", getOrDefault(heads), keys);
    addPairs("fit", "reward.fit.", getOrDefault(fit), keys);
    keys.put("reward.config", getOrDefault(rewardConfig));
    keys.put("reward.segments", getOrDefault(segments).toString());
    keys.put("score.frame-choice", getOrDefault(frameChoice));
    keys.put("score.every", getOrDefault(every).toString());
    keys.put("score.interpolation", getOrDefault(interpolation));
    keys.put("score.batch", getOrDefault(batch).toString());
    keys.put("score.decode-threads", getOrDefault(decodeThreads).toString());
    keys.put("score.decode-timeout", getOrDefault(decodeTimeout).toString());
    keys.put("seed", getOrDefault(seed).toString());
    keys.put("threads", getOrDefault(threads).toString());
    keys.put("precision", getOrDefault(precision));
    ScoreSettings settings = ScoreSettings.of("", keys);
    RewardConfig config = settings.reward();
    return settings.setup(config);
  }

  private static void addPairs(
      String param, String section, String[] pairs, Map<String, String> keys) {
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw InvalidInputException.of("Invalid %s: %s; must be NAME=VALUE", param, pair);
      }

      keys.put(section + pair.substring(0, equals).strip(), pair.substring(equals + 1));
    }
  }

  @Override
  public final String uid() {
    return uid;
  }

  /**
   * Rewards: NAME=PATH of a model, NAME of a class on the class path, or a sum such as
   * 0.7*hpsv2+0.3*aesthetic of the others.
   */
  public StringArrayParam reward() {
    return reward;
  }

  /** NAME=PATH of an aesthetic head on the image features of the reward NAME. */
  public StringArrayParam heads() {
    return heads;
  }

  /** NAME=FIT of a reward: pad or crop; default: crop under a head, else pad. */
  public StringArrayParam fit() {
    return fit;
  }

  /** OpenCLIP model config (JSON) of a state dict whose architecture is not built in. */
  public Param<String> rewardConfig() {
    return rewardConfig;
  }

  /** Column of the videos: path or URI (string) or bytes (binary). */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Column of the prompts, string; need not be there unless it is set. */
  public Param<String> promptCol() {
    return promptCol;
  }

  /** Prompt of the videos without one. */
  public Param<String> prompt() {
    return prompt;
  }

  /** Column of the score, double; of several rewards, a column outputCol_NAME for each. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** Column of the reason why there is no score, string; null if there is one. */
  public Param<String> errorCol() {
    return errorCol;
  }

  /**
   * Column of a struct as SQL's video_score returns it, empty for none; of several rewards,
   * detailsCol_NAME for each.
   */
  public Param<String> detailsCol() {
    return detailsCol;
  }

  /**
   * Frames that are scored: middle, first or random of each of as many spans as segments, every
   * (see there), or all.
   */
  public Param<String> frameChoice() {
    return frameChoice;
  }

  /** Frames scored per video. */
  public IntParam segments() {
    return segments;
  }

  /** Step of frameChoice every. */
  public IntParam every() {
    return every;
  }

  /** How frames are resized: bicubic or bilinear. */
  public Param<String> interpolation() {
    return interpolation;
  }

  /** Frames that the models take at once. */
  public IntParam batch() {
    return batch;
  }

  /** Videos that an executor decodes at the same time; 0: as many as it has cores. */
  public IntParam decodeThreads() {
    return decodeThreads;
  }

  /** Seconds after which a video is given up. */
  public DoubleParam decodeTimeout() {
    return decodeTimeout;
  }

  /** Of frameChoice random. */
  public LongParam seed() {
    return seed;
  }

  /** Batches that are scored at once on a CPU; 0: as many as there are cores. */
  public IntParam threads() {
    return threads;
  }

  /** Of the models: float32, float16 or bfloat16. */
  public Param<String> precision() {
    return precision;
  }
}
