package instructvideo.job.generate;

import instructvideo.diffusion.TextToVideoPipeline;
import instructvideo.error.InvalidInputException;
import instructvideo.job.ModelFiles;
import instructvideo.job.adapter.StoredAdapter;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.GenerateConfig;
import instructvideo.job.config.RunConfig;
import instructvideo.job.config.Settings;
import instructvideo.job.prepare.PromptFiles;
import instructvideo.job.prepare.VaeFactor;
import instructvideo.prompt.Prompt;
import instructvideo.prompt.PromptList;
import instructvideo.spark.GenerateAdapter;
import instructvideo.spark.GenerateItem;
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
 * What generate is given, checked before anything is written.
 *
 * @param out URI of the output
 * @param items in the order of the prompts
 * @param notices what the user should know, a line each
 */
record GenerateInputs(
    String out,
    GenerateConfig config,
    GenerateSetup setup,
    List<GenerateItem> items,
    List<String> notices) {

  /** What needs no Spark, which takes seconds to start. */
  static GenerateSetup setup(Settings settings) throws IOException {
    String out = settings.required("out", "--out");
    settings.required("generate.prompts", "--prompts");
    RunConfig config = settings.run();
    VaeFactor.of(ModelFiles.local(settings.required("model", "--model"))).check(config.video());
    if (config.adapter().paths().containsKey(GenerateSetup.BASE)) {
      throw InvalidInputException.of(
          "Invalid --adapter: %s is the model without one (--with-base); give it another NAME=",
          GenerateSetup.BASE);
    }

    if (!Generation.isOutput(out) && !OutputClaim.contents(new Path(out)).isEmpty()) {
      throw InvalidInputException.of(
          "Cannot write to %s: it is not empty and holds no videos of generate; give another"
              + " --out",
          out);
    }

    return setup(config);
  }

  static GenerateInputs of(Settings settings, GenerateSetup setup, SparkSession spark) {
    RunConfig config = settings.run();
    PromptList prompts = PromptFiles.read(config.generate().prompts(), spark);
    return new GenerateInputs(
        config.out(), config.generate(), setup, items(config, prompts), prompts.notices());
  }

  private static GenerateSetup setup(RunConfig config) throws IOException {
    String modelId = ModelFiles.modelId(config.model());
    return new GenerateSetup(
        config.model(),
        modelId,
        config.precision(),
        config.video(),
        config.sampler(),
        config.seed(),
        adapters(config),
        config.adapter().merge(),
        format(config.generate().format()),
        config.threads());
  }

  private static SortedMap<String, GenerateAdapter> adapters(RunConfig config) throws IOException {
    SortedMap<String, long[]> shapes =
        TextToVideoPipeline.unetShapes(ModelFiles.local(config.model()));
    SortedMap<String, GenerateAdapter> adapters = new TreeMap<>();
    for (Map.Entry<String, String> path : config.adapter().paths().entrySet()) {
      StoredAdapter adapter = StoredAdapter.read(path.getValue()).check(shapes, config.model());
      adapters.put(path.getKey(), adapter.withStrength(config.adapter().scale()));
    }

    return adapters;
  }

  private static VideoFormat format(GenerateConfig.Format format) {
    return switch (format) {
      case MP4 -> VideoFormat.MP4;
      case GIF -> VideoFormat.GIF;
      case WEBP -> VideoFormat.WEBP;
      case FRAMES -> VideoFormat.PNG;
    };
  }

  /** Videos of one prompt stand together: an executor encodes it once. */
  private static List<GenerateItem> items(RunConfig config, PromptList prompts) {
    List<String> adapters = new ArrayList<>();
    if (config.generate().withBase() || config.adapter().paths().isEmpty()) {
      adapters.add(GenerateSetup.BASE);
    }

    adapters.addAll(config.adapter().paths().keySet());
    int steps = config.sampler().ddimSteps();
    List<GenerateItem> items = new ArrayList<>();
    for (Prompt prompt : prompts.prompts()) {
      for (int copy = 0; copy < config.generate().videosPerPrompt(); copy++) {
        for (String adapter : adapters) {
          items.add(new GenerateItem(prompt.id(), prompt.text(), copy, adapter, steps));
        }
      }
    }

    return items;
  }
}
