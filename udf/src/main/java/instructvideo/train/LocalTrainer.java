package instructvideo.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import instructvideo.lora.LoraAdapter;
import instructvideo.nn.TorchEngine;
import instructvideo.optim.GradientNorm;
import instructvideo.optim.LearningRate;
import instructvideo.optim.Optimizer;
import instructvideo.optim.OptimizerConfig;
import instructvideo.reward.SegmentSampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The local steps of one worker in one round. Holds the models' LoRA weights; one at a time. */
public final class LocalTrainer {

  private final NDManager manager;
  private final TrainStep trainStep;
  private final LoraAdapter adapter;
  private final OptimizerConfig optimizerConfig;
  private final RoundsConfig rounds;
  private final LearningRate learningRate;
  private final SampleBatch batches;

  /**
   * A trainer of loaded models.
   *
   * @param manager of the device; tensors of a step live in managers below it
   * @param adapter whose arrays the models of {@code trainStep} hold
   * @param inputs what all samples of the run share
   */
  public LocalTrainer(
      NDManager manager,
      TrainStep trainStep,
      LoraAdapter adapter,
      OptimizerConfig optimizerConfig,
      RoundsConfig rounds,
      Inputs inputs) {
    this.manager = manager;
    this.trainStep = trainStep;
    this.adapter = adapter;
    this.optimizerConfig = optimizerConfig;
    this.rounds = rounds;
    learningRate = new LearningRate(optimizerConfig, rounds.totalSteps());
    batches =
        new SampleBatch(
            inputs.seed,
            trainStep.chain().config().offsetNoise(),
            new SegmentSampler(inputs.segments),
            inputs.negativeEmbeds,
            inputs.tokens);
  }

  /**
   * What all samples of a run share.
   *
   * @param segments frames rewarded per video
   * @param negativeEmbeds of the negative prompt, (n, d), row-major
   * @param tokens n
   */
  public record Inputs(long seed, int segments, float[] negativeEmbeds, int tokens) {}

  /**
   * Runs the local steps of a round.
   *
   * @param state with which the round begins
   * @param samples those of the first step, then of the second, ...
   */
  public WorkerResult run(TrainState state, Iterator<TrainingSample> samples) {
    TorchEngine.stopRecording();
    adapter.load(state.lora().weights());
    StepMetrics metrics = StepMetrics.NONE;
    try (NDManager scope = manager.newSubManager();
        Optimizer optimizer = Optimizer.of(optimizerConfig, moments(scope, state), state.step())) {
      for (int i = 0; i < rounds.localSteps(); i++) {
        double lr = learningRate.at(state.step() + i);
        metrics = metrics.plus(step(optimizer, samples, state.round() + 1, lr));
      }

      metrics = metrics.plus(seconds());
      return new WorkerResult(
          adapter.values(),
          values(optimizer.moments().expAvg()),
          values(optimizer.moments().expAvgSq()),
          metrics);
    }
  }

  /** One optimizer step on the next samples; none if no sample of them is finite. */
  private StepMetrics step(
      Optimizer optimizer, Iterator<TrainingSample> samples, int round, double lr) {
    List<List<TrainingSample>> passes = new ArrayList<>();
    for (int i = 0; i < rounds.accumulate(); i++) {
      passes.add(trainStep.clock().time(Phase.READ, () -> take(samples, rounds.batch())));
    }

    try (StepGradients sum = gradients(passes, round)) {
      if (sum.metrics().samples() > 0) {
        trainStep
            .clock()
            .time(Phase.OPTIMIZER, () -> apply(optimizer, sum.gradients(), sum.norm(), lr));
      }

      return sum.metrics();
    }
  }

  private void apply(
      Optimizer optimizer, SortedMap<String, NDArray> gradients, double norm, double lr) {
    GradientNorm.clip(gradients, norm, optimizerConfig.clipNorm());
    optimizer.step(adapter.weights(), gradients, lr);
  }

  /** The mean over all finite samples of the passes. */
  private StepGradients gradients(List<List<TrainingSample>> passes, int round) {
    StepGradients all = collect(passes, round);
    if (all.metrics().samples() == 0 || Double.isFinite(all.norm())) {
      return all;
    }

    // A gradient overflowed though every loss is a number: find out whose, one video at a time.
    all.close();
    List<List<TrainingSample>> finite = new ArrayList<>();
    int skipped = all.metrics().skipped();
    for (List<TrainingSample> pass : passes) {
      for (TrainingSample sample : pass) {
        try (StepGradients alone = collect(List.of(List.of(sample)), round)) {
          boolean counts = alone.metrics().samples() == 1 && Double.isFinite(alone.norm());
          if (counts) {
            finite.add(List.of(sample));
          } else {
            skipped += alone.metrics().samples();
          }
        }
      }
    }

    return collect(finite, round).withSkipped(skipped);
  }

  private StepGradients collect(List<List<TrainingSample>> passes, int round) {
    int numVideos = passes.stream().mapToInt(List::size).sum();
    adapter.watch();
    StepGradients.Sums sums = new StepGradients.Sums();
    for (List<TrainingSample> pass : passes) {
      try (NDManager scope = manager.newSubManager()) {
        sums.add(trainStep.accumulate(batches.of(scope, pass, round), numVideos));
      }
    }

    return sums.mean(trainStep.gradients(adapter), numVideos);
  }

  private static List<TrainingSample> take(Iterator<TrainingSample> samples, int count) {
    List<TrainingSample> taken = new ArrayList<>(count);
    while (taken.size() < count) {
      taken.add(samples.next());
    }

    return taken;
  }

  private StepMetrics seconds() {
    return new StepMetrics(0, 0, 0, 0, 0, 0, 0, trainStep.clock().drain());
  }

  private static Optimizer.Moments moments(NDManager scope, TrainState state) {
    return new Optimizer.Moments(
        arrays(scope, state, state.expAvg()), arrays(scope, state, state.expAvgSq()));
  }

  private static Map<String, NDArray> arrays(
      NDManager scope, TrainState state, SortedMap<String, float[]> values) {
    Map<String, NDArray> arrays = new TreeMap<>();
    values.forEach(
        (name, value) ->
            arrays.put(
                name,
                scope.create(FloatBuffer.wrap(value), new Shape(state.lora().shapes().get(name)))));
    return arrays;
  }

  private static SortedMap<String, float[]> values(Map<String, NDArray> arrays) {
    SortedMap<String, float[]> values = new TreeMap<>();
    arrays.forEach((name, array) -> values.put(name, array.toFloatArray()));
    return values;
  }
}
