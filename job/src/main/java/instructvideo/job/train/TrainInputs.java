package instructvideo.job.train;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import instructvideo.diffusion.SamplerConfig;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.error.InvalidInputException;
import instructvideo.format.Floats;
import instructvideo.job.ModelFiles;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.job.run.RunRecord;
import instructvideo.lora.LoraState;
import instructvideo.reward.RewardSum;
import instructvideo.spark.PrepareManifest;
import instructvideo.spark.TrainSetup;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run is made of, checked before Spark starts.
 *
 * @param setup for the executors
 * @param begin weights of a run that is new
 * @param record for run.json
 */
record TrainInputs(TrainSetup setup, LoraState begin, RunRecord record) {

  /** Beginnings of the keys that decide the bits of a run. */
  private static final List<String> DECIDING =
      List.of("seed", "precision", "reward.", "sampler.", "lora.", "optimizer.", "train.");

  private static final Set<String> NOT_DECIDING = Set.of("train.keep", "reward.config");

  /** Keys that prepare has fixed: what train is given must be the table's. */
  private static final List<String> PREPARED =
      List.of(
          "video.frames", "video.height", "video.width", "video.fps", "sampler.negative-prompt");

  static TrainInputs of(Settings settings, PrepareManifest manifest) throws IOException {
    RunConfig config = settings.run();
    RewardSum target = ModelFiles.target(settings);
    checkPrepared(settings, manifest);
    checkCounts(config, manifest);
    SortedMap<String, String> fingerprints = ModelFiles.fingerprints(settings);
    checkModel(fingerprints, manifest, config);
    fingerprints.put("data", manifest.fingerprint());
    LoraState begin = begin(config);
    SortedMap<String, String> decided = deciding(settings.resolved());
    RunRecord run = new RunRecord(RunRecord.FORMAT, decided, fingerprints, paths(config));
    TrainSetup setup = setup(config, target, manifest, begin.shapes(), run);
    return new TrainInputs(setup, begin, run);
  }

  private static LoraState begin(RunConfig config) throws IOException {
    return LoraState.init(
        config.lora(),
        TextToVideoPipeline.unetShapes(ModelFiles.local(config.model())),
        config.seed());
  }

  private static TrainSetup setup(
      RunConfig config,
      RewardSum target,
      PrepareManifest manifest,
      SortedMap<String, long[]> shapes,
      RunRecord run) {
    SamplerConfig sampler = config.sampler();
    return new TrainSetup(
        run.toString(),
        config.model(),
        target,
        config.reward(),
        config.precision(),
        sampler,
        config.lora(),
        config.optimizer(),
        config.train(),
        config.seed(),
        shapes,
        Floats.of(Base64.getDecoder().decode(manifest.negativePromptEmbeds())),
        manifest.promptTokens(),
        config.threads());
  }

  private static void checkPrepared(Settings settings, PrepareManifest manifest) {
    for (String key : PREPARED) {
      String table = manifest.settings().get(key);
      String given = text(settings.resolved(), key);
      if (settings.isGiven(key) && !given.equals(table)) {
        throw InvalidInputException.of(
            "Invalid %s: %s; the table in %s was prepared with %s",
            key, given, settings.run().data(), table);
      }
    }
  }

  private static void checkCounts(RunConfig config, PrepareManifest manifest) {
    int frames = Integer.parseInt(manifest.settings().get("video.frames"));
    if (frames < config.reward().segments()) {
      throw InvalidInputException.of(
          "Invalid --segments: %d, the videos have %d frames; give at most as many segments as"
              + " frames",
          config.reward().segments(), frames);
    }

    long samples = manifest.counts().samples();
    if (config.train().workers() > samples) {
      throw InvalidInputException.of(
          "Invalid --workers: %d, the table in %s has %d samples; give at most as many workers as"
              + " samples",
          config.train().workers(), config.data(), samples);
    }
  }

  /** The UNet counts only where it made some of the latents. */
  private static void checkModel(
      Map<String, String> fingerprints, PrepareManifest manifest, RunConfig config) {
    String data = config.data();
    manifest
        .fingerprints()
        .forEach(
            (part, table) -> {
              boolean matters = !part.equals("unet") || manifest.counts().sampled() > 0;
              String now = fingerprints.get(part);
              if (part.startsWith("reward.")
                  ? now != null && !now.equals(table)
                  : matters && !table.equals(now)) {
                throw InvalidInputException.of(
                    "Cannot train on %s: it was made for another model: %s has fingerprint %s, the"
                        + " table's is %s; prepare the data again or give its model",
                    data, part, now, table);
              }
            });
    for (String name : config.reward().checkpoints().keySet()) {
      String part = "reward." + name;
      boolean reads = !config.reward().heads().containsKey(name);
      if (reads && !manifest.fingerprints().containsKey(part)) {
        throw InvalidInputException.of(
            "Cannot train on %s: it has no text features of %s; prepare it with that --reward",
            data, part);
      }
    }
  }

  /** Settings that decide the bits of a run, at their defaults. */
  static SortedMap<String, String> defaults() {
    return deciding(Settings.load("", "", Map.of()).resolved());
  }

  private static SortedMap<String, String> deciding(Config resolved) {
    SortedMap<String, String> found = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : resolved.entrySet()) {
      String key = entry.getKey();
      boolean decides =
          DECIDING.stream()
              .anyMatch(
                  start -> key.equals(start) || (start.endsWith(".") && key.startsWith(start)));
      if (decides && !NOT_DECIDING.contains(key) && !isPath(key)) {
        found.put(key, entry.getValue().unwrapped().toString());
      }
    }

    return found;
  }

  /** Fingerprints stand for these. */
  private static boolean isPath(String key) {
    return key.startsWith("reward.checkpoints") || key.startsWith("reward.heads");
  }

  private static String text(Config config, String key) {
    return config.getValue(key).unwrapped().toString();
  }

  private static SortedMap<String, String> paths(RunConfig config) {
    SortedMap<String, String> paths = new TreeMap<>();
    paths.put("model", config.model());
    paths.put("data", config.data());
    config.reward().checkpoints().forEach((name, path) -> paths.put("reward." + name, path));
    config.reward().heads().forEach((name, path) -> paths.put("head." + name, path));
    return paths;
  }
}
