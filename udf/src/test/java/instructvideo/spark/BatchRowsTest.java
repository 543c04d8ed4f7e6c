package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.BatchRows;
import instructvideo.reward.FrameBatch;
import instructvideo.reward.ImageReward;
import instructvideo.reward.Interpolation;
import instructvideo.reward.RewardConfig;
import instructvideo.testing.Fixtures;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BatchRowsTest {

  private static final String PROMPT = "a cat";

  private static RgbFrame frame(Random random) {
    byte[] pixels = new byte[3 * 32 * 32];
    random.nextBytes(pixels);
    return new RgbFrame(32, 32, pixels);
  }

  private static RewardConfig config() {
    Path reward = Fixtures.path("cases/square/reward");
    return new RewardConfig(
        Map.of("hps", reward.resolve("HPS_v2.pt").toString()),
        Map.of(),
        Map.of(),
        Map.of(),
        reward.resolve("config.json").toString(),
        4,
        1,
        Interpolation.BICUBIC);
  }

  /** The score of a picture among others, in a batch of the device's size. */
  private static float score(NDManager manager, RgbFrame probe, int place, Random neighbours)
      throws IOException {
    List<RgbFrame> frames = new ArrayList<>();
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < BatchRows.size(manager.getDevice()); i++) {
      frames.add(i == place ? probe : frame(neighbours));
      prompts.add(i == place ? PROMPT : "a prompt of its own " + neighbours.nextInt());
    }

    try (NDManager scope = manager.newSubManager()) {
      ImageReward reward =
          RewardFiles.load(config(), Interpolation.BICUBIC, DataType.FLOAT32, scope).get(0);
      float score = reward.score(new FrameBatch(scope, frames, prompts))[place];
      reward.close();
      return score;
    }
  }

  @Test
  void neighboursAndPlaceDoNotChangeABit() throws IOException {
    TorchEngine.start(2);
    Random random = new Random(1);
    RgbFrame probe = frame(random);
    TreeSet<Float> scores = new TreeSet<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      int size = BatchRows.size(manager.getDevice());
      for (int trial = 0; trial < 3 * size; trial++) {
        scores.add(score(manager, probe, trial % size, random));
      }
    }

    assertThat(scores).hasSize(1);
  }
}
