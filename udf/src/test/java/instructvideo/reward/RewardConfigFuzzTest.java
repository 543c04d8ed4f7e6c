package instructvideo.reward;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Any bytes as the config of a reward model, beside weights that fit none. */
class RewardConfigFuzzTest {

  private static final byte[] WEIGHTS =
      weights(
          "{\"visual.proj\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
          "{\"visual_projection.weight\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");

  @FuzzTest
  void config(byte[] input) {
    Path folder = Hostile.emptyFolder();
    boolean openClip = Hostile.choice(input, 2) == 0;
    int half = WEIGHTS.length / 2;
    byte[] weights = new byte[half];
    System.arraycopy(WEIGHTS, openClip ? 0 : half, weights, 0, half);
    Hostile.write(folder.resolve("model.safetensors"), weights);
    String name = openClip ? "open_clip_config.json" : "config.json";
    Hostile.write(folder.resolve(name), Hostile.rest(input));
    Hostile.load(input.length, () -> RewardCheckpoint.open(folder, ""));
  }

  /** Two files of one length, one behind the other. */
  private static byte[] weights(String... headers) {
    int size = 128;
    byte[] files = new byte[headers.length * size];
    for (int i = 0; i < headers.length; i++) {
      byte[] json = headers[i].getBytes(StandardCharsets.US_ASCII);
      int at = i * size;
      java.util.Arrays.fill(files, at + 8, at + size - 4, (byte) ' ');
      files[at] = (byte) (size - 12);
      System.arraycopy(json, 0, files, at + 8, json.length);
    }

    return files;
  }
}
