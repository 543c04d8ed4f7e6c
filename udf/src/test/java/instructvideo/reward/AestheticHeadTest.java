package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.error.InvalidInputException;
import instructvideo.nn.TorchEngine;
import instructvideo.testing.Fixtures;
import instructvideo.testing.RewardFixtures;
import instructvideo.testing.TorchFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is a head, and of which model; RewardFilesTest has the scores. */
class AestheticHeadTest {

  @TempDir private Path temp;

  @BeforeAll
  static void start() {
    TorchEngine.start(1);
  }

  private static void refused(Path head, int width, String message) {
    assertThatThrownBy(() -> AestheticHead.check(head, width))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private TorchFiles layer(TorchFiles file, String name, int outputs, int inputs) {
    return file.tensor(
            name + ".weight", new float[outputs * inputs], new long[] {outputs, inputs}, inputs, 1)
        .tensor(name + ".bias", new float[outputs], new long[] {outputs}, 1);
  }

  @Test
  void headOfAnotherModelIsRefused() {
    String message =
        "linear.pth: the head takes features of 12 numbers, the CLIP model makes 768; give the head"
            + " of this model, or the model of this head (ViT-L/14 has 768)";

    refused(RewardFixtures.LINEAR, 768, message);
    refused(RewardFixtures.MLP, 768, "mlp.pth: the head takes features of 12 numbers");
  }

  @Test
  void whatIsNoHeadIsRefused() {
    refused(Fixtures.path("cases/square/reward/HPS_v2.pt"), 12, "not an aesthetic head");
    refused(temp.resolve("none.pth"), 12, "no such file");
    TorchFiles noScore = layer(new TorchFiles(), "layers.0", 3, 12);
    refused(noScore.write(temp.resolve("3.pth")), 12, "layers.0.weight has shape [3, 12]");
    TorchFiles gap = layer(layer(new TorchFiles(), "layers.0", 3, 12), "layers.1", 1, 4);
    refused(gap.write(temp.resolve("gap.pth")), 12, "layers.1.weight has shape [1, 4]");
    TorchFiles noBias = new TorchFiles().tensor("weight", new float[12], new long[] {1, 12}, 12, 1);
    refused(noBias.write(temp.resolve("bias.pth")), 12, "not an aesthetic head");
  }

  /** Their names as text stand in another order. */
  @Test
  void layersComeInTheOrderOfTheirNumbers() throws IOException {
    TorchFiles file = layer(layer(new TorchFiles(), "layers.10", 1, 3), "layers.9", 3, 12);

    AestheticHead.check(file.write(temp.resolve("10.pth")), 12);
  }

  @Test
  void weightsAndFeaturesAreShared() throws IOException {
    Path model = Fixtures.path("cases/square/reward/hf");
    RewardCheckpoint checkpoint = RewardCheckpoint.open(model, "");
    RewardCheckpoint again = RewardCheckpoint.open(model.resolve("../hf"), "");
    List<RewardSource> sources =
        List.of(
            RewardSource.of("linear", checkpoint, RewardFixtures.LINEAR, Fit.PAD),
            RewardSource.of("mlp", again, RewardFixtures.MLP, Fit.PAD),
            RewardSource.of("crop", again, RewardFixtures.MLP, Fit.CROP));
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, ImageReward> rewards =
          new RewardModels(manager, DataType.FLOAT32, Interpolation.BICUBIC).imageRewards(sources);
      FrameBatch batch = new FrameBatch(manager, RewardFixtures.frames(), RewardFixtures.prompts());
      ClipReward linear = ((AestheticImageReward) rewards.get("linear")).reward().clip();
      ClipReward mlp = ((AestheticImageReward) rewards.get("mlp")).reward().clip();
      ClipReward crop = ((AestheticImageReward) rewards.get("crop")).reward().clip();

      assertThat(mlp.clip()).isSameAs(linear.clip()).isSameAs(crop.clip());
      assertThat(batch.imageFeatures(mlp)).isSameAs(batch.imageFeatures(linear));
      assertThat(batch.images(mlp.preprocessor())).isSameAs(batch.images(linear.preprocessor()));
      assertThat(batch.imageFeatures(crop)).isNotSameAs(batch.imageFeatures(mlp));
    }
  }
}
