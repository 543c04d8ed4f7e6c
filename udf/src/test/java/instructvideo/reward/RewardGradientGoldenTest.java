package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.nn.TorchEngine;
import instructvideo.testing.GoldenCase;
import instructvideo.testing.RewardFixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums and aesthetic heads behind the VAE's decoder: scores and gradients against PyTorch's. */
class RewardGradientGoldenTest {

  private static final double SCORE = 2e-5;
  private static final double GRADIENT = 5e-5; // relative L2

  private GoldenCase golden;
  private NDManager manager;

  @ParameterizedTest
  @CsvSource({"square,sum", "square,linear", "square,mlp", "wide,sum", "wide,linear", "wide,mlp"})
  void lossFlowsBackToTheLatents(String name, String target) throws IOException {
    TorchEngine.start(1);
    try (NDManager base = NDManager.newBaseManager("PyTorch")) {
      manager = base;
      golden = new GoldenCase(name, manager, false);
      FrameReward reward = target.equals("sum") ? sum() : head(target);
      VideoReward.Evaluation actual =
          new VideoReward(golden.vae, reward, golden.attenuation())
              .evaluate(
                  golden.expected.get("ddim.chain").get(-1),
                  textFeatures(reward.textWidth()),
                  golden.frameIndices(),
                  golden.integer("batch"));
      Map<String, NDArray> expected = RewardFixtures.tensors(manager, "gradients.safetensors");
      String key = name + "." + target + ".";

      assertThat(manager.create(actual.frameScores()).toFloatArray())
          .containsExactly(expected.get(key + "scores").toFloatArray(), within((float) SCORE));
      NDArray gradient = expected.get(key + "gradient");
      double difference = norm(actual.latentsGradient().sub(gradient)) / norm(gradient);
      System.out.printf("%s: gradient %.1e%n", key, difference);
      assertThat(difference).isLessThan(GRADIENT);
    }
  }

  private static double norm(NDArray array) {
    return Math.sqrt(array.square().sum().getFloat());
  }

  /** One after the other for two of the terms; the third reads none. */
  private NDArray textFeatures(int width) {
    NDArray features = golden.expected.get("reward.text_features"); // (b, d)
    return width == 0 ? features.get(":, :0") : features.concat(features, 1);
  }

  private FrameReward sum() throws IOException {
    return new SumReward(
        List.of(
            new SumReward.Term(0.7, reward("HPS_v2.pt", null, Fit.PAD)),
            new SumReward.Term(-0.2, reward("hf", null, Fit.CROP)),
            new SumReward.Term(0.3, head("mlp"))));
  }

  private FrameReward head(String name) throws IOException {
    Path file = name.equals("mlp") ? RewardFixtures.MLP : RewardFixtures.LINEAR;
    return reward("HPS_v2.pt", file, Fit.CROP);
  }

  private FrameReward reward(String file, Path head, Fit fit) throws IOException {
    Path folder = golden.directory.resolve("reward");
    RewardCheckpoint checkpoint =
        RewardCheckpoint.open(folder.resolve(file), folder.resolve("config.json").toString());
    return new RewardModels(manager, DataType.FLOAT32, golden.interpolation())
        .frameReward(RewardSource.of(file, checkpoint, head, fit));
  }
}
