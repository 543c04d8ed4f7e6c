package instructvideo.job;

import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import instructvideo.job.config.Settings;
import instructvideo.spark.HadoopFiles;
import instructvideo.spark.RewardFiles;
import java.io.IOException;
import java.nio.file.Path;
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

    for (Map.Entry<String, String> reward : settings.run().reward().checkpoints().entrySet()) {
      RewardFiles.open(settings.run().reward(), reward.getKey());
      fingerprints.put("reward." + reward.getKey(), Fingerprint.of(local(reward.getValue())));
    }

    return fingerprints;
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
