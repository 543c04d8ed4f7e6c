package instructvideo.spark;

import instructvideo.reward.OpenClipModels;
import instructvideo.reward.RewardCheckpoint;
import instructvideo.reward.RewardConfig;
import java.io.IOException;

/** Reward checkpoints at URIs, brought to this host. */
public final class RewardFiles {

  private RewardFiles() {}

  /**
   * Opens one.
   *
   * @param name of the reward, a key of the config's checkpoints
   * @throws instructvideo.error.InvalidInputException if it is missing, damaged or another model
   */
  public static RewardCheckpoint open(RewardConfig config, String name) throws IOException {
    String given = config.config();
    boolean file = !given.isEmpty() && !OpenClipModels.isBuiltIn(given);
    return RewardCheckpoint.open(
        HadoopFiles.local(config.checkpoints().get(name)),
        file ? HadoopFiles.local(given).toString() : given);
  }
}
