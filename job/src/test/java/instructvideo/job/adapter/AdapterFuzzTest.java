package instructvideo.job.adapter;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.file.Path;
import java.util.List;

/**
 * Any bytes as an adapter: a PEFT directory's config and weights with 0xff between them, or a file
 * of diffusers; the first byte says which.
 */
class AdapterFuzzTest {

  @FuzzTest
  void adapter(byte[] input) {
    Path folder = Hostile.emptyFolder();
    byte[] rest = Hostile.rest(input);
    if (Hostile.choice(input, 2) == 0) {
      List<byte[]> parts = Hostile.parts(rest, 2);
      Hostile.write(folder.resolve(PeftReader.CONFIG), parts.get(0));
      Hostile.write(folder.resolve("adapter_model.safetensors"), parts.get(1));
    } else {
      Hostile.write(folder.resolve(DiffusersReader.WEIGHTS), rest);
    }

    Hostile.load(input.length, () -> StoredAdapter.read(folder.toString()));
  }
}
