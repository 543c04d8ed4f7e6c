package instructvideo.job.prepare;

import instructvideo.error.InvalidInputException;
import instructvideo.job.ModelFiles;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.prompt.Prompt;
import instructvideo.prompt.PromptList;
import instructvideo.spark.PrepareItem;
import instructvideo.spark.PrepareSetup;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * What prepare is given, checked before anything is written.
 *
 * @param out URI of the table
 * @param items one for each prompt, in the list's order
 * @param identity what decides the rows
 * @param notices what the user should know, a line each
 */
record PrepareInputs(
    String out,
    RunConfig config,
    List<PrepareItem> items,
    PrepareIdentity identity,
    PrepareSetup setup,
    List<String> notices) {

  /** Keys that decide the rows of any table. */
  private static final List<String> DECIDING =
      List.of(
          "video.frames",
          "video.height",
          "video.width",
          "video.fps",
          "sampler.negative-prompt",
          "sampler.ddim-steps",
          "sampler.guidance-scale",
          "sampler.eta",
          "seed",
          "prepare.limit",
          "prepare.chunk");

  /** What can be said without Spark, which takes seconds to start. */
  static void checkBeforeSpark(Settings settings) throws IOException {
    settings.required("out", "--out");
    settings.required("prepare.prompts", "--prompts");
    RunConfig config = settings.run();
    if (config.reward().checkpoints().isEmpty()) {
      throw InvalidInputException.of(
          "Missing --reward: give one, as NAME=PATH; the table holds its text features");
    }

    if (config.video().frames() < config.reward().segments()) {
      throw InvalidInputException.of(
          "Invalid --frames: %d, must be at least --segments (%d): one frame is scored in each",
          config.video().frames(), config.reward().segments());
    }

    VaeFactor.of(ModelFiles.local(settings.required("model", "--model"))).check(config.video());
  }

  static PrepareInputs of(Settings settings, SparkSession spark) throws IOException {
    RunConfig config = settings.run();
    SortedMap<String, String> fingerprints = ModelFiles.fingerprints(settings);
    // Nothing of the table depends on a reward that reads no prompt.
    config.reward().heads().keySet().forEach(name -> fingerprints.remove("reward." + name));
    PromptList list = PromptFiles.read(config.prepare().prompts(), spark);
    List<Prompt> prompts = limited(list.prompts(), config.prepare().limit());
    VideoDirectory videos = VideoDirectory.of(config.prepare().videos());
    List<PrepareItem> items = videos.items(prompts, AbsoluteVideos.of(config.prepare(), videos));
    PrepareIdentity identity =
        new PrepareIdentity(PrepareIdentity.FORMAT, deciding(settings), fingerprints)
            .withPrompts(prompts);
    return new PrepareInputs(
        config.out(), config, items, identity, setup(config, identity), list.notices());
  }

  private static List<Prompt> limited(List<Prompt> prompts, int limit) {
    return limit == 0 || limit >= prompts.size() ? prompts : prompts.subList(0, limit);
  }

  private static SortedMap<String, String> deciding(Settings settings) {
    SortedMap<String, String> found = new TreeMap<>();
    for (String key : DECIDING) {
      found.put(key, settings.resolved().getValue(key).unwrapped().toString());
    }

    return found;
  }

  private static PrepareSetup setup(RunConfig config, PrepareIdentity identity) {
    return new PrepareSetup(
        identity.toString(),
        config.model(),
        config.reward(),
        config.video(),
        config.sampler(),
        config.seed(),
        config.threads());
  }
}
