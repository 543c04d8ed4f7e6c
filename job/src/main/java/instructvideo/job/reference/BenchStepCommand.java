package instructvideo.job.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import instructvideo.job.Command;
import instructvideo.job.ModelFiles;
import instructvideo.job.PeakMemory;
import instructvideo.job.config.Settings;
import instructvideo.lora.LoraAdapter;
import instructvideo.nn.TorchEngine;
import instructvideo.optim.Optimizer;
import instructvideo.train.Phase;
import instructvideo.train.Sample;
import instructvideo.train.StepResult;
import instructvideo.train.TrainStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Times the training step of a reference case. */
public final class BenchStepCommand implements Command {

  private static final List<Phase> PHASES =
      List.of(Phase.CHAIN, Phase.REWARD, Phase.BACKWARD, Phase.OPTIMIZER);

  @Override
  public String name() {
    return "bench step";
  }

  @Override
  public String summary() {
    return "Times the training step of a reference case: one JSON line with median seconds by phase"
        + " and the peak resident memory of the process.";
  }

  @Override
  public List<String> examples() {
    return List.of("instructvideo bench step --case cases/small --steps 5 --threads 2");
  }

  @Override
  public List<String> options() {
    return List.of("--case", "--reward", "--steps", "--threads");
  }

  @Override
  public int run(Settings settings) throws Exception {
    Path directory = ModelFiles.local(settings.required("verify.case-dir", "--case"));
    ReferenceCase golden = ReferenceCase.read(directory);
    TorchEngine.startAlone(settings.run().threads());
    ReferenceModels models =
        new ReferenceModels(
            golden, VerifyCommand.reward(settings, directory), settings.run().precision());
    int steps = settings.run().bench().steps();
    List<Map<Phase, Double>> seconds = seconds(models, steps);
    JsonObject line = new JsonObject();
    line.addProperty("case", directory.toString());
    line.addProperty("steps", steps);
    line.addProperty("threads", TorchEngine.threads());
    line.addProperty("median_s", median(seconds, BenchStepCommand::total));
    for (Phase phase : PHASES) {
      line.addProperty(
          phase.name().toLowerCase(Locale.ROOT) + "_s", median(seconds, step -> step.get(phase)));
    }

    line.addProperty("peak_rss_mb", PeakMemory.megabytes());
    System.out.println(line);
    return 0;
  }

  /** Of each step by phase; a first one, which is slower, is made and left out. */
  private static List<Map<Phase, Double>> seconds(ReferenceModels models, int steps)
      throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> inputs = models.golden().inputs(manager);
      LoraAdapter adapter = models.golden().adapter(inputs);
      ReferenceEncodings encodings = ReferenceEncodings.of(models, manager, inputs.get("pixels"));
      int[][] frameIndices = models.golden().frameIndices(inputs);
      Sample sample =
          new Sample(
              encodings.latents(),
              inputs.get("noise"),
              encodings.promptEmbeds(),
              encodings.textFeatures(),
              frameIndices);
      TrainStep trainStep = models.trainStep(manager, adapter, models.reward(manager));
      double lr = models.golden().settings().lr();
      List<Map<Phase, Double>> seconds = new ArrayList<>();
      try (Optimizer optimizer = models.golden().settings().optimizer()) {
        for (int i = 0; i <= steps; i++) {
          step(trainStep, sample, adapter, optimizer, lr);
          seconds.add(trainStep.clock().drain());
        }
      }

      return seconds.subList(1, seconds.size());
    }
  }

  private static void step(
      TrainStep trainStep, Sample sample, LoraAdapter adapter, Optimizer optimizer, double lr) {
    StepResult result = trainStep.run(sample, adapter);
    trainStep
        .clock()
        .time(Phase.OPTIMIZER, () -> optimizer.step(adapter.weights(), result.gradients(), lr));
    result.gradients().values().forEach(NDArray::close);
    result.chain().close();
  }

  private static double total(Map<Phase, Double> step) {
    return step.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double median(
      List<Map<Phase, Double>> steps, ToDoubleFunction<Map<Phase, Double>> value) {
    double[] sorted = steps.stream().mapToDouble(value).sorted().toArray();
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return Math.round(median * 1e4) / 1e4;
  }
}
