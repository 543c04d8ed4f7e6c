package instructvideo.job.doctor;

import instructvideo.cache.ModelCache;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.job.config.Settings;
import instructvideo.reward.OpenClipModels;
import instructvideo.reward.RewardConfig;
import instructvideo.spark.HadoopFiles;
import instructvideo.spark.RewardFiles;
import instructvideo.spark.doctor.Check;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whether models are there, whole and of shapes that are built here. */
final class ModelChecks {

  /** A remote model up to this size is copied to look into it. */
  private static final long COPIED = 200L << 20;

  private final Settings settings;
  private final List<Check> checks = new ArrayList<>();
  private long bytes;

  ModelChecks(Settings settings) {
    this.settings = settings;
    String model = settings.run().model();
    if (!model.isBlank()) {
      model(model);
    }

    settings.run().reward().checkpoints().keySet().forEach(this::reward);
  }

  List<Check> checks() {
    return checks;
  }

  /** Bytes of all that are there. */
  long bytes() {
    return bytes;
  }

  private void model(String uri) {
    checks.add(
        Check.attempt(
            "model",
            "give the diffusers directory whole (model_index.json, unet/, vae/, text_encoder/,"
                + " tokenizer/, scheduler/); download it again if a file is damaged",
            () -> {
              if (!isHere(uri)) {
                return later("model", uri);
              }

              Path directory = HadoopFiles.local(uri);
              TextToVideoPipeline.check(directory);
              return Check.ok("model", "%s, %d MB".formatted(uri, count(directory) >> 20));
            }));
  }

  private void reward(String name) {
    RewardConfig rewards = settings.run().reward();
    String what = "reward " + name;
    String uri = rewards.checkpoints().get(name);
    checks.add(
        Check.attempt(
            what,
            "give --reward NAME=PATH of an OpenCLIP state dict or a Hugging Face CLIPModel directory;"
                + " download it again if it is damaged",
            () -> {
              if (!uri.isBlank() && !areHere(rewards, name)) {
                return later(what, uri);
              }

              RewardFiles.id(rewards, name);
              long size = uri.isBlank() ? 0 : count(HadoopFiles.local(uri));
              return Check.ok(what, "%s, %d MB".formatted(uri, size >> 20));
            }));
  }

  private static boolean areHere(RewardConfig rewards, String name) throws IOException {
    String head = rewards.heads().get(name);
    String config = rewards.config();
    boolean isFile = !config.isEmpty() && !OpenClipModels.isBuiltIn(config);
    return isHere(rewards.checkpoints().get(name))
        && (head == null || isHere(head))
        && (!isFile || isHere(config));
  }

  private static boolean isHere(String uri) throws IOException {
    if (HadoopFiles.isLocal(uri)) {
      return true;
    }

    ModelCache.Facts facts = facts(uri);
    return facts.held() || facts.bytes() <= COPIED;
  }

  private static ModelCache.Facts facts(String uri) throws IOException {
    try {
      return ModelCache.ofEnvironment()
          .facts(new org.apache.hadoop.fs.Path(uri), HadoopFiles.configuration());
    } catch (FileNotFoundException e) {
      throw new IOException(uri + ": no such file or directory", e);
    }
  }

  private Check later(String what, String uri) throws IOException {
    ModelCache.Facts facts = facts(uri);
    bytes += facts.bytes();
    return Check.ok(
        what,
        "%s, %d files, %d MB; shapes are checked when it is copied to a host"
            .formatted(uri, facts.files(), facts.bytes() >> 20));
  }

  private long count(Path path) {
    try (Stream<Path> all = Files.walk(path)) {
      long size = all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
      bytes += size;
      return size;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
