package instructvideo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import instructvideo.diffusion.DdimScheduler;
import instructvideo.diffusion.PartialChain;
import instructvideo.diffusion.SamplerConfig;
import instructvideo.format.Json;
import instructvideo.format.SafeTensors;
import instructvideo.lora.LoraNames;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.SegmentSampler;
import instructvideo.reward.TemporalAttenuation;
import instructvideo.reward.VideoReward;
import instructvideo.testing.Fixtures;
import instructvideo.testing.GoldenCase;
import instructvideo.train.Rollout.Transition;
import instructvideo.train.Rollout.Weighted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A round's first step of each method against PyTorch: the tensors of fixtures/methods. */
class MethodsGoldenTest {

  private static final double FORWARD = 2e-5; // of the tensor's maximum
  private static final double GRADIENT = 5e-4; // relative L2
  private static final double LOG_PROB = 1e-5; // the clip's range is 1e-3

  private NDManager manager;
  private GoldenCase golden;
  private JsonObject settings;
  private Map<String, NDArray> expected;
  private SampleBatch batches;
  private TrainStep step;
  private List<TrainingSample> samples;

  @BeforeEach
  void read() throws IOException {
    TorchEngine.start(1);
    TorchEngine.stopRecording();
    manager = NDManager.newBaseManager("PyTorch");
    golden = new GoldenCase("tall", manager, false);
    settings = Json.read(Fixtures.path("methods/methods.json"));
    expected =
        SafeTensors.read(manager, Fixtures.path("methods/methods.safetensors"), DataType.FLOAT32);
    NDArray embeds = expected.get("prompt_embeds"); // (samples + 1, n, d)
    float[] negative = embeds.get(-1).toFloatArray();
    int tokens = (int) embeds.getShape().get(1);
    SegmentSampler segments = new SegmentSampler(settings.get("segments").getAsInt());
    batches = new SampleBatch(settings.get("seed").getAsLong(), 0.1, segments, negative, tokens);
    step = step();
    samples = samples(embeds, expected.get("text_features"));
  }

  private TrainStep step() {
    int ddimSteps = settings.get("ddim_steps").getAsInt();
    double guidance = number("guidance_scale");
    SamplerConfig config =
        new SamplerConfig(
            ddimSteps, 0.75, guidance, settings.get("grad_steps").getAsInt(), "", 0, 0.1);
    DdimScheduler scheduler = new DdimScheduler(golden.pipeline.noiseSchedule(), ddimSteps);
    TemporalAttenuation tar = new TemporalAttenuation(number("lambda_tar"));
    return new TrainStep(
        new PartialChain(golden.step.chain().unet(), scheduler, config),
        new VideoReward(golden.vae, golden.reward, tar),
        new PhaseClock());
  }

  /** With latents that are no numbers: no method but InstructVideo may read them. */
  private List<TrainingSample> samples(NDArray embeds, NDArray textFeatures) {
    long[] shape = golden.input("noise").getShape().slice(1).getShape();
    float[] latents = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
    Arrays.fill(latents, Float.NaN);
    List<TrainingSample> list = new ArrayList<>();
    for (int i = 0; i < settings.getAsJsonArray("ids").size(); i++) {
      list.add(
          new TrainingSample(
              settings.getAsJsonArray("ids").get(i).getAsString(),
              settings.getAsJsonArray("epochs").get(i).getAsInt(),
              latents,
              shape,
              embeds.get(i).toFloatArray(),
              textFeatures.get(i).toFloatArray()));
    }

    return list;
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void draftIsThatOfPyTorch() {
    StepGradients sum = firstStep(new Draft(step, batches, manager), samples);
    assertThat(sum.metrics().samples()).isEqualTo(3);
    areClose("draft.loss", sum.metrics().lossMean());
    double rewards = expected.get("draft.rewards").mean().getFloat();
    assertThat(sum.metrics().rewardMean()).isCloseTo(rewards, within(FORWARD));
    areGradients("draft", sum.gradients());
  }

  @Test
  void rwrIsThatOfPyTorch() {
    Rwr rwr = new Rwr(new RwrConfig(number("beta")), rollouts(Rwr.ETA));
    List<Weighted> round = begin(rwr);
    areClose("rwr.latents", values(round));
    areClose("rwr.rewards", rewards(round));
    areClose("rwr.weights", weights(round));
    changeWeights();
    StepGradients sum = firstStep(rwr, round);
    areClose("rwr.loss", sum.metrics().lossMean());
    areGradients("rwr", sum.gradients());
    assertThat(sum.metrics().ratios()).isEqualTo(PolicyRatios.NONE);
  }

  @Test
  void ddpoIsThatOfPyTorch() {
    DdpoConfig config =
        new DdpoConfig(number("eta"), number("clip_range"), number("advantage_clip"), 1);
    Ddpo ddpo = new Ddpo(config, rollouts(config.eta()));
    List<Weighted> round = begin(ddpo);
    areClose("ddpo.latents", values(round));
    areClose("ddpo.rewards", rewards(round));
    areClose("ddpo.advantages", weights(round));
    double[] logProbs =
        round.stream()
            .flatMap(weighted -> weighted.rollout().transitions().stream())
            .mapToDouble(Transition::logProb)
            .toArray();
    areClose("ddpo.log_probs", logProbs);

    StepGradients on = firstStep(ddpo, round);
    areClose("ddpo.on.loss", on.metrics().lossMean());
    areGradients("ddpo.on", on.gradients());
    assertThat(on.metrics().ratios().clipped()).isZero();
    assertThat(on.metrics().ratios().approxKl()).isLessThan(LOG_PROB * LOG_PROB);
    changeWeights();
    StepGradients off = firstStep(ddpo, round);
    areClose("ddpo.off.loss", off.metrics().lossMean());
    areGradients("ddpo.off", off.gradients());
    areClose("ddpo.off.clip_fraction", off.metrics().ratios().clipFraction());
    double kl = expected.get("ddpo.off.approx_kl").getFloat();
    assertThat(off.metrics().ratios().approxKl()).isCloseTo(kl, within(2e-3 * kl));
  }

  @Test
  void videoWithoutARewardIsLeftOut() {
    TrainingSample last = samples.get(2);
    float[] features = new float[last.textFeatures().length];
    Arrays.fill(features, Float.NaN);
    samples.set(
        2,
        new TrainingSample(
            last.id(),
            last.epoch(),
            last.latents(),
            last.latentsShape(),
            last.promptEmbeds(),
            features));
    Ddpo ddpo = new Ddpo(new DdpoConfig(1, 1e-4, 5, 0.5), rollouts(1));
    Rwr rwr = new Rwr(new RwrConfig(number("beta")), rollouts(Rwr.ETA));
    for (TrainMethod<Weighted> method : List.of(ddpo, rwr)) {
      List<Weighted> round = begin(method);
      double[] weights = weights(round);
      double sum = method == ddpo ? 0 : 2; // of advantages, and of weights with a mean of 1
      assertThat(weights[0] + weights[1]).isCloseTo(sum, within(1e-6));
      StepGradients step = firstStep(method, round);
      assertThat(step.metrics().samples()).isEqualTo(2);
      assertThat(step.metrics().skipped()).isEqualTo(1);
      assertThat(step.norm()).isFinite().isPositive();
      int terms = method == ddpo ? 4 : 0; // two of four timesteps of two videos
      assertThat(step.metrics().ratios().terms()).isEqualTo(terms);
    }
  }

  private Rollouts rollouts(double eta) {
    return new Rollouts(step, batches, manager, 2, eta); // two passes, of two videos and of one
  }

  private List<Weighted> begin(TrainMethod<Weighted> method) {
    List<Weighted> round = new ArrayList<>();
    method.begin(samples.iterator(), settings.get("round").getAsInt()).forEachRemaining(round::add);
    return round;
  }

  private <S> StepGradients firstStep(TrainMethod<S> method, List<S> round) {
    int number = settings.get("round").getAsInt();
    StepGradients.Sums sums = new StepGradients.Sums();
    golden.adapter.watch();
    method.accumulate(round.subList(0, 1), number, 3, sums);
    method.accumulate(round.subList(1, 3), number, 3, sums);
    return sums.mean(step.gradients(golden.adapter), 3);
  }

  private void changeWeights() {
    double factor = number("other_weights");
    golden
        .adapter
        .weights()
        .forEach(
            (name, weight) -> {
              weight.setRequiresGradient(false);
              weight.muli(LoraNames.isLoraA(name) ? 1 : factor);
            });
  }

  private double number(String name) {
    return settings.get(name).getAsDouble();
  }

  private static double[] rewards(List<Weighted> round) {
    return round.stream().mapToDouble(weighted -> weighted.rollout().reward()).toArray();
  }

  private static double[] weights(List<Weighted> round) {
    return round.stream().mapToDouble(Weighted::weight).toArray();
  }

  private static double[] values(List<Weighted> round) {
    int size = round.get(0).rollout().latents().length;
    double[] values = new double[round.size() * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = round.get(i / size).rollout().latents()[i % size];
    }

    return values;
  }

  private void areClose(String name, double... actual) {
    float[] reference = expected.get(name).toFloatArray();
    assertThat(actual).as(name).hasSameSizeAs(reference);
    double maximum = 0;
    double difference = 0;
    for (int i = 0; i < actual.length; i++) {
      maximum = Math.max(maximum, Math.abs(reference[i]));
      difference = Math.max(difference, Math.abs(actual[i] - reference[i]));
    }

    report(name, difference / maximum, FORWARD);
  }

  private void areGradients(String method, SortedMap<String, NDArray> gradients) {
    SortedMap<String, Double> errors = new TreeMap<>();
    gradients.forEach(
        (name, gradient) -> {
          NDArray reference = expected.get(method + ".grad." + name);
          double norm = Math.sqrt(reference.square().sum().getFloat());
          double distance = Math.sqrt(gradient.sub(reference).square().sum().getFloat());
          assertThat(norm).as(name).isPositive();
          errors.put(name, distance / norm);
        });
    assertThat(errors).hasSizeGreaterThan(10);
    double worst = errors.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    report(method + ".grad", worst, GRADIENT);
  }

  private static void report(String name, double difference, double tolerance) {
    System.out.printf("%-28s %.1e%n", name, difference);
    assertThat(difference).as(name).isLessThan(tolerance);
  }
}
