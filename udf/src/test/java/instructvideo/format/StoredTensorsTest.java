package instructvideo.format;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.nn.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTensorsTest {

  @TempDir private Path temp;

  @Test
  void everyHalfSurvivesTheWayThroughFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float binary16 = HalfFloats.ofBinary16((short) bits);
      float bfloat16 = HalfFloats.ofBfloat16((short) bits);
      if (!Float.isNaN(binary16)) {
        assertThat(HalfFloats.toBinary16(binary16)).as("%x", bits).isEqualTo((short) bits);
      }

      if (!Float.isNaN(bfloat16)) {
        assertThat(HalfFloats.toBfloat16(bfloat16)).as("%x", bits).isEqualTo((short) bits);
      }
    }
  }

  /** From below the smallest half to above the largest, 1.2 % apart. */
  @Test
  void halvesAreRoundedAsTorchRoundsThem() {
    TorchEngine.start(0);
    float[] values = new float[4000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.pow(1.0123, i - 2400) * (i % 2 == 0 ? 1 : -1));
    }

    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray halves = manager.create(values).toType(DataType.FLOAT16, true);
      float[] expected = halves.toType(DataType.FLOAT32, true).toFloatArray();
      for (int i = 0; i < values.length; i++) {
        assertThat(HalfFloats.ofBinary16(HalfFloats.toBinary16(values[i])))
            .as("%s", values[i])
            .isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void unchangedTensorsAreCopiedAndChangedOnesKeepTheirType() throws IOException {
    TorchEngine.start(0);
    Path source = temp.resolve("source.safetensors");
    Path copy = temp.resolve("copy.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      tensors.put("half", manager.create(new float[] {1, 2}).toType(DataType.FLOAT16, true));
      tensors.put("full", manager.create(new float[] {0.1f, 0.2f, 0.3f}));
      SafeTensors.write(source, tensors);

      StoredTensors.read(source)
          .write(
              copy,
              (name, tensor) ->
                  name.equals("half")
                      ? tensor.encode(new float[] {tensor.floats()[1], 0.25f})
                      : null);

      assertThat(StoredTensors.read(copy).byName().get("half").type()).isEqualTo("F16");
      Map<String, NDArray> read = SafeTensors.read(manager, copy, DataType.FLOAT32);
      assertThat(read.get("half").toFloatArray()).containsExactly(2, 0.25f);
      assertThat(read.get("full").toFloatArray()).containsExactly(0.1f, 0.2f, 0.3f);
    }
  }
}
