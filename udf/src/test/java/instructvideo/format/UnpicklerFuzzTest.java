package instructvideo.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.file.Path;

/** Any bytes as the pickle of a sound archive with one storage of 24 bytes. */
class UnpicklerFuzzTest {

  @FuzzTest
  void pickle(byte[] input) {
    Hostile.load(input.length, () -> new Unpickler(input, "a.pt").load());
    Path file = Hostile.emptyFolder().resolve("pytorch_model.bin");
    StoredZip.write(file, "a/data.pkl", input, "a/data/0", new byte[24]);
    Hostile.load(input.length, () -> SafeTensorsFuzzTest.checkTensors(file));
  }
}
