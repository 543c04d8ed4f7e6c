package instructvideo.job.evaluate;

import com.typesafe.config.ConfigValue;
import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.error.InvalidInputException;
import instructvideo.job.ModelFiles;
import instructvideo.job.adapter.StoredAdapter;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.EvaluateConfig;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.prepare.PromptFiles;
import instructvideo.job.prepare.VaeFactor;
import instructvideo.prompt.PromptList;
import instructvideo.spark.GenerateAdapter;
import instructvideo.spark.GenerateSetup;
import instructvideo.spark.Generation;
import instructvideo.video.VideoFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * What evaluate is given, checked before anything is made.
 *
 * @param out URI of the output
 * @param adapters for the summary
 * @param settings for the summary
 * @param notices what the user should know, a line each
 */
record EvaluateInputs(
    String out,
    EvaluationSpec spec,
    GenerateSetup generate,
    List<Adapter> adapters,
    SortedMap<String, String> settings,
    List<String> notices) {

  /** Beginnings of the keys that decide the videos and the numbers. */
  private static final List<String> DECIDING =
      List.of("seed", "precision", "reward.", "video.", "adapter.", "evaluate.");

  private static final List<String> OF_SAMPLER =
      List.of("sampler.guidance-scale", "sampler.eta", "sampler.negative-prompt");

  /** What can be said without Spark, which takes seconds to start. */
  static void checkBeforeSpark(Settings settings) throws IOException {
    String out = settings.required("out", "--out");
    RunConfig config = settings.run();
    VaeFactor.of(ModelFiles.local(settings.required("model", "--model"))).check(config.video());
    require(config.adapter().paths(), "--adapter", "a run of train, a PEFT directory or a file");
    require(config.evaluate().prompts(), "--prompts", "one or several sets, as [NAME=]PATH");
    require(config.reward().checkpoints(), "--reward", "one or several, as NAME=PATH");
    checkName("--adapter", EvaluationSummary.BASE, config.adapter().paths());
    checkName("--prompts", EvaluationSummary.ALL, config.evaluate().prompts());
    if (config.video().frames() < config.reward().segments()) {
      throw InvalidInputException.of(
          "Invalid --segments: %d, the videos have %d frames; give at most as many segments as"
              + " frames",
          config.reward().segments(), config.video().frames());
    }

    if (!Generation.isOutput(out) && !OutputClaim.contents(new Path(out)).isEmpty()) {
      throw InvalidInputException.of(
          "Cannot write to %s: it is not empty and holds no videos of evaluate; give another --out",
          out);
    }
  }

  private static void require(Map<String, String> given, String option, String what) {
    if (given.isEmpty()) {
      throw InvalidInputException.of("Missing %s: give %s", option, what);
    }
  }

  private static void checkName(String option, String name, Map<String, String> given) {
    if (given.containsKey(name)) {
      throw InvalidInputException.of(
          "Invalid %s: %s; %s is %s, give another name as NAME=PATH",
          option,
          given.get(name),
          name,
          name.equals(EvaluationSummary.ALL) ? "all sets together" : "the model alone");
    }
  }

  static EvaluateInputs of(Settings settings, SparkSession spark) throws IOException {
    RunConfig config = settings.run();
    List<String> notices = new ArrayList<>();
    List<EvaluationSet> sets = sets(config, spark, notices);
    SortedMap<String, StoredAdapter> stored = stored(config);
    return new EvaluateInputs(
        config.out(),
        spec(config, sets),
        generate(config, stored),
        adapters(config, stored),
        deciding(settings),
        notices);
  }

  private static List<EvaluationSet> sets(
      RunConfig config, SparkSession spark, List<String> notices) {
    List<EvaluationSet> sets = new ArrayList<>();
    config
        .evaluate()
        .prompts()
        .forEach(
            (name, uri) -> {
              PromptList list = PromptFiles.read(uri, spark);
              notices.addAll(list.notices());
              sets.add(new EvaluationSet(name, list.prompts()));
            });
    return sets;
  }

  private static EvaluationSpec spec(RunConfig config, List<EvaluationSet> sets)
      throws IOException {
    EvaluateConfig evaluate = config.evaluate();
    Map<String, Boolean> trained =
        evaluate.trained().isEmpty()
            ? TrainedRewards.ofRuns(config.reward(), config.adapter().paths().values())
            : TrainedRewards.named(config.reward(), evaluate.trained());
    return new EvaluationSpec(
        sets,
        evaluate.chainLengths(),
        evaluate.videosPerPrompt(),
        EvaluationRewards.of(config.reward(), trained, config.precision(), config.threads()),
        config.seed(),
        evaluate.resamples(),
        evaluate.confidence(),
        evaluate.extremes());
  }

  private static SortedMap<String, StoredAdapter> stored(RunConfig config) throws IOException {
    SortedMap<String, long[]> shapes =
        TextToVideoPipeline.unetShapes(ModelFiles.local(config.model()));
    SortedMap<String, StoredAdapter> adapters = new TreeMap<>();
    for (Map.Entry<String, String> path : config.adapter().paths().entrySet()) {
      adapters.put(
          path.getKey(), StoredAdapter.read(path.getValue()).check(shapes, config.model()));
    }

    return adapters;
  }

  private static GenerateSetup generate(RunConfig config, SortedMap<String, StoredAdapter> stored)
      throws IOException {
    SortedMap<String, GenerateAdapter> adapters = new TreeMap<>();
    stored.forEach(
        (name, adapter) -> adapters.put(name, adapter.withStrength(config.adapter().scale())));
    return new GenerateSetup(
        config.model(),
        ModelFiles.modelId(config.model()),
        config.precision(),
        config.video(),
        config.sampler(),
        config.seed(),
        adapters,
        config.adapter().merge(),
        config.evaluate().lossless() ? VideoFormat.FFV1 : VideoFormat.MP4,
        config.threads());
  }

  private static List<Adapter> adapters(RunConfig config, SortedMap<String, StoredAdapter> stored) {
    double scale = config.adapter().scale();
    return stored.entrySet().stream()
        .map(
            entry -> {
              StoredAdapter adapter = entry.getValue();
              String id = adapter.withStrength(scale).id();
              return new Adapter(entry.getKey(), adapter.uri(), id, scale, adapter.round());
            })
        .toList();
  }

  private static SortedMap<String, String> deciding(Settings settings) {
    SortedMap<String, String> found = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : settings.resolved().entrySet()) {
      String key = entry.getKey();
      boolean decides =
          OF_SAMPLER.contains(key)
              || DECIDING.stream()
                  .anyMatch(
                      start -> key.equals(start) || (start.endsWith(".") && key.startsWith(start)));
      if (decides) {
        found.put(key, entry.getValue().unwrapped().toString());
      }
    }

    found.remove("reward.lambda-tar"); // training's
    found.put("reward.interpolation", "bicubic");
    return found;
  }
}
