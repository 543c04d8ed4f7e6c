package instructvideo.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.file.Path;

/** Any bytes as an archive of torch.save. */
class TorchPickleFuzzTest {

  @FuzzTest
  void archive(byte[] input) {
    Path file = Hostile.write(Hostile.emptyFolder().resolve("pytorch_model.bin"), input);
    Hostile.load(input.length, () -> SafeTensorsFuzzTest.checkTensors(file));
  }
}
