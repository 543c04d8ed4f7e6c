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
import java.util.Iterator;
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
  private final TrainMethod<?> method;

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
    SampleBatch batches =
        new SampleBatch(
            inputs.seed,
            trainStep.chain().config().offsetNoise(),
            new SegmentSampler(inputs.segments),
            inputs.negativeEmbeds,
            inputs.tokens);
    method = TrainMethod.of(rounds, trainStep, batches, manager);
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
      RoundGradients<?> gradients =
          RoundGradients.begin(method, trainStep, adapter, rounds, samples, state.round() + 1);
      for (int i = 0; i < rounds.localSteps(); i++) {
        double lr = learningRate.at(state.step() + i);
        metrics = metrics.plus(step(gradients, optimizer, lr));
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
  private StepMetrics step(RoundGradients<?> gradients, Optimizer optimizer, double lr) {
    try (StepGradients sum = gradients.next()) {
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

  private StepMetrics seconds() {
    return new StepMetrics(0, 0, 0, 0, 0, 0, 0, PolicyRatios.NONE, trainStep.clock().drain());
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
