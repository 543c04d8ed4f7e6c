package instructvideo.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Any bytes as a safetensors file. */
class SafeTensorsFuzzTest {

  @FuzzTest
  void safeTensors(byte[] input) {
    Path file = Hostile.write(Hostile.emptyFolder().resolve("model.safetensors"), input);
    Hostile.load(input.length, () -> checkTensors(file));
    Hostile.load(input.length, () -> SafeTensors.metadata(file));
  }

  /** Whatever a loader believes lies within the file. */
  static void checkTensors(Path file) throws IOException {
    long length = Files.size(file);
    long all = 0;
    for (StoredTensor tensor : StoredTensors.read(file).byName().values()) {
      assertThat(tensor.offset()).isBetween(0L, length);
      assertThat(tensor.bytes()).isBetween(0L, length - tensor.offset());
      if (List.of("F32", "F16", "BF16").contains(tensor.type()) && all < length) {
        assertThat(tensor.floats().length).isLessThanOrEqualTo((int) length / 2);
        all += tensor.bytes();
      }
    }
  }
}
