package instructvideo.job.guard;

import instructvideo.job.evaluate.EvaluatedVideo;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Moments;
import instructvideo.job.evaluate.Evaluator;
import instructvideo.job.guard.Guard.LookVideo;
import instructvideo.job.run.Look;
import instructvideo.lora.LoraConfig;
import instructvideo.lora.LoraState;
import instructvideo.spark.GenerateAdapter;
import instructvideo.spark.GenerateSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * Looks by making and measuring videos of the held-out prompts on the executors, as evaluate does;
 * they and an evaluation.json are kept in RUN/looks/round-00005.
 */
public final class RunLooker implements Guard.Looker {

  private static final String TUNED = "tuned";

  private final Path run;
  private final Evaluator evaluator;
  private final GenerateSetup setup;
  private final LoraConfig lora;
  private final SortedMap<String, String> settings;
  private List<EvaluatedVideo> base;
  private List<EvaluatedVideo> last = List.of();

  /**
   * Nothing is made yet.
   *
   * @param run directory of the run
   * @param setup of the model alone
   * @param settings for readers of the summaries
   */
  public RunLooker(
      Path run,
      Evaluator evaluator,
      GenerateSetup setup,
      LoraConfig lora,
      SortedMap<String, String> settings) {
    this.run = run;
    this.evaluator = evaluator;
    this.setup = setup;
    this.lora = lora;
    this.settings = settings;
  }

  @Override
  public Look at(int round, Optional<LoraState> state) throws IOException {
    if (base == null) {
      base = evaluator.videos(setup, List.of(EvaluationSummary.BASE), directory(0));
    }

    if (state.isEmpty()) {
      last = base;
      return look(0, named(base, TUNED));
    }

    GenerateAdapter adapter = GenerateAdapter.of(state.get(), lora.scale(), 1);
    List<EvaluatedVideo> tuned = evaluator.videos(with(adapter), List.of(TUNED), directory(round));
    last = tuned;
    List<EvaluatedVideo> all = new ArrayList<>(base);
    all.addAll(tuned);
    Adapter described = new Adapter(TUNED, run.toString(), adapter.id(), 1.0, round);
    evaluator
        .summary(setup.model(), List.of(described), settings, all, directory(round))
        .write(directory(round));
    return look(round, tuned);
  }

  @Override
  public List<LookVideo> videos() {
    return last.stream()
        .filter(EvaluatedVideo::isMeasured)
        .sorted(Comparator.comparingInt(EvaluatedVideo::copy))
        .map(
            video ->
                new LookVideo(
                    video.promptId() + "-" + video.copy(),
                    video.prompt(),
                    video.uri(),
                    setup.video().fps()))
        .toList();
  }

  /** Means over the videos of a look. */
  private Look look(int round, List<EvaluatedVideo> tuned) {
    List<EvaluatedVideo> all = new ArrayList<>(base);
    all.addAll(tuned);
    SortedMap<String, Double> metrics = new TreeMap<>();
    SortedMap<String, Double> stderr = new TreeMap<>();
    SortedMap<String, Double> std = new TreeMap<>();
    for (Comparison comparison : evaluator.compare(all)) {
      Moments moments = comparison.tuned();
      metrics.put(comparison.metric(), moments.mean());
      if (moments.std() != null) {
        std.put(comparison.metric(), moments.std());
        stderr.put(comparison.metric(), moments.std() / Math.sqrt(comparison.videos()));
      }
    }

    long failed = tuned.stream().filter(video -> !video.isMeasured()).count();
    if (failed > 0) {
      metrics.put(GuardRules.FAILED, (double) failed);
    }

    return new Look(round, metrics, stderr, std, List.of());
  }

  private GenerateSetup with(GenerateAdapter adapter) {
    return new GenerateSetup(
        setup.model(),
        setup.modelId(),
        setup.precision(),
        setup.video(),
        setup.sampler(),
        setup.seed(),
        new TreeMap<>(Map.of(TUNED, adapter)),
        setup.isMerged(),
        setup.format(),
        setup.threads());
  }

  private String directory(int round) {
    return new Path(run, "looks/round-%05d".formatted(round)).toString();
  }

  private static List<EvaluatedVideo> named(List<EvaluatedVideo> videos, String adapter) {
    return videos.stream().map(video -> video.with(adapter)).toList();
  }
}
