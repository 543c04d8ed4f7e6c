package instructvideo.job.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import instructvideo.format.SafeTensors;
import instructvideo.job.Command;
import instructvideo.job.ModelFiles;
import instructvideo.job.Outputs;
import instructvideo.job.config.Settings;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.RewardCheckpoint;
import instructvideo.spark.RewardFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Computes every tensor of a reference case and compares it with what PyTorch computed. */
public final class VerifyCommand implements Command {

  private static final int OK = 0;
  private static final int DIFFERENT = 1;

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String summary() {
    return "Compute every tensor of a reference case and compare it with PyTorch's (exit code 1 if"
        + " one differs by more than 2e-4 of its maximum; a gradient by 2e-3 of its L2 norm"
        + " or of its maximum; an AdamW step by what that means for it)";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo verify --case cases/tiny",
        "instructvideo verify --case cases/tiny --reward clip=cases/tiny/reward/hf --out"
            + " actual.safetensors",
        "instructvideo verify --case DIR --reward hpsv2=HPS.pt --set reward.config=HPS.json");
  }

  @Override
  public List<String> options() {
    return List.of("--case", "--reward", "--out", "--precision", "--threads");
  }

  @Override
  public int run(Settings settings) throws Exception {
    Path directory = ModelFiles.local(settings.required("verify.case-dir", "--case"));
    ReferenceCase golden = ReferenceCase.read(directory);
    TorchEngine.start(settings.run().threads());
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> expected = golden.expected(manager);
      ReferenceModels models =
          new ReferenceModels(golden, reward(settings, directory), settings.run().precision());
      Map<String, NDArray> actual = new ReferenceStep(models, manager, VerifyCommand::say).run();
      if (!settings.run().out().isEmpty()) {
        Outputs.file(settings.run().out(), file -> SafeTensors.write(file, actual));
      }

      return report(Comparison.of(expected, actual, golden.settings().lr()), expected.size());
    }
  }

  private static void say(String stage) {
    System.err.println(stage + " ...");
  }

  /** The given reward, else the one in the case. */
  static RewardCheckpoint reward(Settings settings, Path directory) throws IOException {
    if (!settings.run().reward().checkpoints().isEmpty()) {
      return RewardFiles.open(settings.run().reward(), ModelFiles.rewardName(settings));
    }

    Path folder = directory.resolve("reward");
    String config = settings.run().reward().config();
    return RewardCheckpoint.open(
        folder.resolve("HPS_v2.pt"),
        config.isEmpty() ? folder.resolve("config.json").toString() : config);
  }

  private static int report(List<Comparison.Row> rows, int count) {
    System.out.print(ComparisonTable.of(rows));
    long failed = rows.stream().filter(row -> !row.passed()).count();
    System.out.println(
        failed == 0
            ? "verified: all %d tensors are within tolerance".formatted(count)
            : "FAILED: %d of the lines above; %d tensors were expected".formatted(failed, count));
    return failed == 0 ? OK : DIFFERENT;
  }
}
