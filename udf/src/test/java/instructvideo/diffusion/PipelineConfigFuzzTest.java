package instructvideo.diffusion;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.clip.ClipTextConfig;
import instructvideo.testing.Hostile;
import instructvideo.unet.UNetConfig;
import instructvideo.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;

/** Any bytes as one of the JSON files of a pipeline; the first byte says which. */
class PipelineConfigFuzzTest {

  @FuzzTest
  void config(byte[] input) {
    Path folder = Hostile.emptyFolder();
    int part = Hostile.choice(input, 5);
    String name = part == 4 ? "model_index.json" : "config.json";
    Path file = Hostile.write(folder.resolve(name), Hostile.rest(input));
    Hostile.load(input.length, () -> read(part, file));
  }

  private static void read(int part, Path file) throws IOException {
    switch (part) {
      case 0 -> UNetConfig.read(file).shapes();
      case 1 -> VaeConfig.read(file).shapes();
      case 2 -> ClipTextConfig.read(file).shapes();
      case 3 -> NoiseSchedule.read(file);
      default -> PipelineIndex.check(file.getParent());
    }
  }
}
