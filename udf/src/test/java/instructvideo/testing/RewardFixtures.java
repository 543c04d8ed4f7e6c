package instructvideo.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonParser;
import instructvideo.format.SafeTensors;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The folder fixtures/rewards, as make_rewards.py writes it. */
public final class RewardFixtures {

  /** The folder. */
  public static final Path FOLDER = Fixtures.path("rewards");

  /** A linear head for features of 12 numbers. */
  public static final Path LINEAR = FOLDER.resolve("linear.pth");

  /** An MLP for features of 12 numbers. */
  public static final Path MLP = FOLDER.resolve("mlp.pth");

  private RewardFixtures() {}

  /** Pictures of many sizes. */
  public static List<RgbFrame> frames() throws IOException {
    List<RgbFrame> frames = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> tensors =
          SafeTensors.read(manager, FOLDER.resolve("frames.safetensors"), DataType.FLOAT32);
      for (int i = 0; i < tensors.size(); i++) {
        NDArray frame = tensors.get("frame" + i); // (H, W, 3)
        int height = (int) frame.getShape().get(0);
        int width = (int) frame.getShape().get(1);
        frames.add(new RgbFrame(width, height, frame.toByteArray()));
      }
    }

    return frames;
  }

  /** A prompt for each picture. */
  public static List<String> prompts() throws IOException {
    List<String> prompts = new ArrayList<>();
    JsonParser.parseString(Files.readString(FOLDER.resolve("prompts.json")))
        .getAsJsonArray()
        .forEach(prompt -> prompts.add(prompt.getAsString()));
    return prompts;
  }

  /** What PyTorch computed. */
  public static Map<String, NDArray> tensors(NDManager manager, String file) throws IOException {
    return SafeTensors.read(manager, FOLDER.resolve(file), DataType.FLOAT32);
  }
}
