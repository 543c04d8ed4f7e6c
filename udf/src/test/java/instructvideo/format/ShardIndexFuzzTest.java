package instructvideo.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import instructvideo.testing.Hostile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Any bytes as the index of a checkpoint in several files. */
class ShardIndexFuzzTest {

  private static final byte[] SHARD = shard();

  @FuzzTest
  void index(byte[] input) {
    Path folder = Hostile.emptyFolder();
    Hostile.write(folder.resolve("outside.safetensors"), SHARD);
    Path model = folder.resolve("model");
    Hostile.write(model.resolve("a.safetensors"), SHARD);
    Path index = Hostile.write(model.resolve("model.safetensors.index.json"), input);
    Hostile.load(
        input.length,
        () -> {
          for (TensorLocation tensor : ShardIndex.read(index).values()) {
            assertThat(tensor.file().toRealPath().getParent()).isEqualTo(model);
          }
        });
  }

  private static byte[] shard() {
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    byte[] json = header.getBytes(StandardCharsets.US_ASCII);
    byte[] file = new byte[8 + json.length + 4];
    file[0] = (byte) json.length;
    System.arraycopy(json, 0, file, 8, json.length);
    return file;
  }
}
