package instructvideo.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.nn.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.AbstractFloatAssert;
import org.assertj.core.api.AbstractShortAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTensorsTest {
  @TempDir private Path temp;

  @Test
  void everyHalfSurvivesTheWayThroughFloat() {
    for (int var1 = 0; var1 < 65536; var1++) {
      float var2 = HalfFloats.ofBinary16((short) var1);
      float var3 = HalfFloats.ofBfloat16((short) var1);
      if (!Float.isNaN(var2)) {
        ((AbstractShortAssert)
                Assertions.assertThat(HalfFloats.toBinary16(var2)).as("%x", new Object[] {var1}))
            .isEqualTo((short) var1);
      }

      if (!Float.isNaN(var3)) {
        ((AbstractShortAssert)
                Assertions.assertThat(HalfFloats.toBfloat16(var3)).as("%x", new Object[] {var1}))
            .isEqualTo((short) var1);
      }
    }
  }

  @Test
  void halvesAreRoundedAsTorchRoundsThem() {
    TorchEngine.start(0);
    float[] var1 = new float[4000];

    for (int var2 = 0; var2 < var1.length; var2++) {
      var1[var2] = (float) (Math.pow(1.0123, var2 - 2400) * (var2 % 2 == 0 ? 1 : -1));
    }

    try (NDManager var8 = NDManager.newBaseManager("PyTorch")) {
      NDArray var3 = var8.create(var1).toType(DataType.FLOAT16, true);
      float[] var4 = var3.toType(DataType.FLOAT32, true).toFloatArray();

      for (int var5 = 0; var5 < var1.length; var5++) {
        ((AbstractFloatAssert)
                Assertions.assertThat(HalfFloats.ofBinary16(HalfFloats.toBinary16(var1[var5])))
                    .as("%s", new Object[] {var1[var5]}))
            .isEqualTo(var4[var5]);
      }
    }
  }

  @Test
  void unchangedTensorsAreCopiedAndChangedOnesKeepTheirType() throws IOException {
    TorchEngine.start(0);
    Path var1 = temp.resolve("source.safetensors");
    Path var2 = temp.resolve("copy.safetensors");
    try (NDManager var3 = NDManager.newBaseManager("PyTorch")) {
      LinkedHashMap var4 = new LinkedHashMap();
      var4.put("half", var3.create(new float[] {1.0F, 2.0F}).toType(DataType.FLOAT16, true));
      var4.put("full", var3.create(new float[] {0.1F, 0.2F, 0.3F}));
      SafeTensors.write(var1, var4);
      StoredTensors var5 = StoredTensors.read(var1);
      var5.write(
          var2,
          (var0, var1x) ->
              var0.equals("half") ? var1x.encode(new float[] {var1x.floats()[1], 0.25F}) : null);
      Assertions.assertThat(StoredTensors.read(var2).byName().get("half").type()).isEqualTo("F16");
      Map var6 = SafeTensors.read(var3, var2, DataType.FLOAT32);
      Assertions.assertThat(((NDArray) var6.get("half")).toFloatArray())
          .containsExactly(new float[] {2.0F, 0.25F});
      Assertions.assertThat(((NDArray) var6.get("full")).toFloatArray())
          .containsExactly(new float[] {0.1F, 0.2F, 0.3F});
    }
  }
}
