package instructvideo.reward;

import instructvideo.error.InvalidInputException;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which rewards score which frames, and how they weigh.
 *
 * @param checkpoints URI of each reward model by its name; empty for a user's class that needs none
 * @param heads URI of the aesthetic head on a reward's image features, by the reward's name
 * @param fit pad or crop by the reward's name; see {@link #fitOf}
 * @param sums weighted sums of rewards, by the name of each
 * @param config URI of an OpenCLIP model config, empty for a built-in one
 * @param segments frames scored per video (S in the paper)
 * @param lambdaTar of temporal attenuation
 */
public record RewardConfig(
    Map<String, String> checkpoints,
    Map<String, String> heads,
    Map<String, String> fit,
    Map<String, String> sums,
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
    heads = new TreeMap<>(heads);
    fit = new TreeMap<>(fit);
    sums = new TreeMap<>(sums);
    checkNames("reward.heads", heads, checkpoints);
    checkNames("reward.fit", fit, checkpoints);
    fit.forEach(RewardConfig::parse);
    checkSums(sums, checkpoints);
  }

  /** How a reward's pictures meet its square: as given, else crop under a head, pad without. */
  public Fit fitOf(String reward) {
    if (fit.containsKey(reward)) {
      return parse(reward, fit.get(reward));
    }

    return heads.containsKey(reward) ? Fit.CROP : Fit.PAD;
  }

  /** The sums, by their names in order. */
  public List<RewardSum> rewardSums() {
    return sums.entrySet().stream()
        .map(sum -> RewardSum.parse(sum.getKey(), sum.getValue(), checkpoints.keySet()))
        .toList();
  }

  private static Fit parse(String reward, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "pad" -> Fit.PAD;
      case "crop" -> Fit.CROP;
      default ->
          throw new IllegalArgumentException(
              "reward.fit of %s must be pad or crop, is %s".formatted(reward, text));
    };
  }

  private static void checkNames(
      String key, Map<String, String> named, Map<String, String> checkpoints) {
    for (String name : named.keySet()) {
      if (!checkpoints.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s names %s, which is none of the given rewards (%s)"
                .formatted(key, name, String.join(", ", checkpoints.keySet())));
      }
    }
  }

  private static void checkSums(Map<String, String> sums, Map<String, String> checkpoints) {
    try {
      for (Map.Entry<String, String> sum : sums.entrySet()) {
        if (checkpoints.containsKey(sum.getKey())) {
          throw new IllegalArgumentException(
              "reward.sums names %s, which is a reward itself".formatted(sum.getKey()));
        }

        RewardSum.parse(sum.getKey(), sum.getValue(), checkpoints.keySet());
      }
    } catch (InvalidInputException e) {
      throw new IllegalArgumentException(e.getMessage().replaceFirst("^Invalid ", ""), e);
    }
  }
}
