package instructvideo.job;

import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import instructvideo.job.config.Settings;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.spark.HadoopFiles;
import instructvideo.spark.RewardFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The models that a command is given, as local files, and their fingerprints. */
public final class ModelFiles {

  private ModelFiles() {}

  /** Parts of a pipeline whose fingerprints tables and runs keep. */
  private static final String[] PARTS = {"unet", "vae", "text_encoder", "tokenizer", "scheduler"};

  /**
   * The fingerprints of a pipeline's parts and of the rewards ("reward.NAME").
   *
   * @throws InvalidInputException if a part or a reward is missing, damaged or not built here
   */
  public static SortedMap<String, String> fingerprints(Settings settings) throws IOException {
    SortedMap<String, String> fingerprints = new TreeMap<>();
    Path model = local(settings.required("model", "--model"));
    TextToVideoPipeline.check(model);
    for (String part : PARTS) {
      fingerprints.put(part, Fingerprint.of(model.resolve(part)));
    }

    RewardConfig rewards = settings.run().reward();
    for (Map.Entry<String, String> reward : rewards.checkpoints().entrySet()) {
      String name = reward.getKey();
      RewardFiles.checkDifferentiable(rewards, name);
      RewardFiles.source(rewards, name);
      boolean hasHead = rewards.heads().containsKey(name);
      fingerprints.put(
          "reward." + name,
          hasHead ? RewardFiles.id(rewards, name) : Fingerprint.of(local(reward.getValue())));
    }

    return fingerprints;
  }

  /**
   * One fingerprint of all parts of a pipeline.
   *
   * @throws InvalidInputException if a part is missing, damaged or not built here
   */
  public static String modelId(String model) throws IOException {
    Path directory = local(model);
    TextToVideoPipeline.check(directory);
    List<String> parts = new ArrayList<>();
    for (String part : PARTS) {
      parts.add(part + " " + Fingerprint.of(directory.resolve(part)));
    }

    return Fingerprint.of(parts);
  }

  /**
   * What train follows: the one sum of the given rewards, or the one reward.
   *
   * @throws InvalidInputException if there are several, or a reward is in no sum
   */
  public static RewardSum target(Settings settings) {
    RewardConfig rewards = settings.run().reward();
    List<RewardSum> sums = rewards.rewardSums();
    if (sums.isEmpty() && rewards.checkpoints().size() > 1) {
      throw InvalidInputException.of(
          "Invalid --reward: train follows one reward or a sum; add --reward %s with the factors that"
              + " you want, or give one",
          String.join("+", rewards.checkpoints().keySet().stream().map(n -> "1*" + n).toList()));
    }

    if (sums.isEmpty()) {
      return RewardSum.of(rewardName(settings));
    }

    if (sums.size() > 1) {
      throw InvalidInputException.of(
          "Invalid --reward: train follows one sum, given are %s",
          String.join(" and ", rewards.sums().keySet()));
    }

    for (String name : rewards.checkpoints().keySet()) {
      if (!sums.get(0).terms().containsKey(name)) {
        throw InvalidInputException.of(
            "Invalid --reward: %s is not in the sum %s that train follows; leave it out or add it",
            name, rewards.sums().values().iterator().next());
      }
    }

    return sums.get(0);
  }

  /** The one reward that a command takes. */
  public static String rewardName(Settings settings) {
    Map<String, String> rewards = settings.run().reward().checkpoints();
    if (rewards.size() != 1) {
      throw InvalidInputException.of(
          "%s --reward: give one, as NAME=PATH%s",
          rewards.isEmpty() ? "Missing" : "Invalid",
          rewards.isEmpty() ? "" : " (given: %s)".formatted(String.join(", ", rewards.keySet())));
    }

    return rewards.keySet().iterator().next();
  }

  /** Where a file or directory is on this machine; a remote one is copied first. */
  public static Path local(String uri) {
    return HadoopFiles.local(uri);
  }
}
