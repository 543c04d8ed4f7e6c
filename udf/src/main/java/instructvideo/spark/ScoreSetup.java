package instructvideo.spark;

import instructvideo.nn.Precision;
import instructvideo.reward.Interpolation;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.video.FrameChoice;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * How executors score.
 *
 * @param interpolation of frames, in place of the reward config's own, which is training's
 * @param batch frames that the models take at once, 0 for what suits the device
 * @param threads batches that are scored at once on a CPU, 0 for as many as cores
 * @param decodeThreads videos of an executor that are decoded at once, 0 for as many as cores
 * @param decodeTimeout seconds of one video
 */
public record ScoreSetup(
    RewardConfig reward,
    Interpolation interpolation,
    Precision precision,
    FrameChoice frames,
    int batch,
    int threads,
    int decodeThreads,
    double decodeTimeout)
    implements Serializable {

  /** Of the arithmetic that the settings' fingerprint stands for. */
  private static final int VERSION = 1;

  /** The settings that decide a reward's score besides its weights: hexadecimal. */
  public String settingsId(String rewardName) {
    String fit = reward.fitOf(rewardName).toString();
    return hash("%d %s %s %s %s".formatted(VERSION, frames, interpolation, fit, precision));
  }

  /** The settings of all terms of a sum: hexadecimal. */
  public String settingsId(RewardSum sum) {
    return hash(
        sum.terms().keySet().stream()
            .sorted()
            .map(term -> term + "=" + settingsId(term))
            .collect(Collectors.joining("\n")));
  }

  private static String hash(String text) {
    return PreparedRow.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }
}
