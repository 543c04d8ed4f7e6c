package instructvideo.reward;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which reward scores which frames, and how they weigh.
 *
 * @param checkpoints URI of each reward model by its name
 * @param config URI of an OpenCLIP model config, empty for a built-in one
 * @param segments frames scored per video (S in the paper)
 * @param lambdaTar of temporal attenuation
 */
public record RewardConfig(
    Map<String, String> checkpoints,
    String config,
    int segments,
    double lambdaTar,
    Interpolation interpolation)
    implements Serializable {

  public RewardConfig {
    if (segments < 1) {
      throw new IllegalArgumentException("reward.segments must be at least 1, is " + segments);
    }

    if (!(lambdaTar >= 0)) {
      throw new IllegalArgumentException("reward.lambda-tar must not be negative, is " + lambdaTar);
    }

    checkpoints = new TreeMap<>(checkpoints);
  }
}
