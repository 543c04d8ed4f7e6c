package instructvideo.spark;

import instructvideo.reward.OpenClipModels;
import instructvideo.reward.RewardCheckpoint;
import instructvideo.reward.RewardConfig;
import java.io.IOException;

public final class RewardFiles {

  private RewardFiles() {}

  public static RewardCheckpoint open(RewardConfig config, String name) throws IOException {
    String given = config.config();
    boolean file = !given.isEmpty() && !OpenClipModels.isBuiltIn(given);
    return RewardCheckpoint.open(
        HadoopFiles.local(config.checkpoints().get(name)),
        file ? HadoopFiles.local(given).toString() : given);
  }
}
