package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import instructvideo.job.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
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
   * @throws InvalidInputException if a part or a reward is missing
   */
  public static SortedMap<String, String> fingerprints(Settings settings) throws IOException {
    SortedMap<String, String> fingerprints = new TreeMap<>();
    Path model = local(settings.required("model", "--model"));
    if (!Files.exists(model.resolve("model_index.json"))) {
      throw InvalidInputException.of(
          "Cannot read %s: no model_index.json there; --model is a diffusers text-to-video directory",
          model);
    }

    for (String part : PARTS) {
      fingerprints.put(part, Fingerprint.of(model.resolve(part)));
    }

    for (Map.Entry<String, String> reward : settings.run().reward().checkpoints().entrySet()) {
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

  /** Where a file or directory is on this machine. */
  public static Path local(String uri) {
    return Path.of(
        uri.startsWith("file:") ? new org.apache.hadoop.fs.Path(uri).toUri().getPath() : uri);
  }
}
