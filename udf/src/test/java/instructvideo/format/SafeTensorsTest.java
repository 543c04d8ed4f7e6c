package instructvideo.format;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  private static final String W =
      "'w':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]}".replace('\'', '"');
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("model.safetensors");
  }

  @Test
  void shapesAreReadFromTheHeaderAlone() throws IOException {
    write("{'__metadata__':{'format':'pt'}," + W + "}", 24);
    Assertions.assertThat(StateDict.open(directory).shapes().get("w"))
        .containsExactly(new long[] {2L, 3L});
  }

  @Test
  void everyTruncationIsOneError() throws IOException {
    write("{" + W + "}", 24);
    byte[] var1 = Files.readAllBytes(file);

    for (int var2 = 0; var2 < var1.length; var2++) {
      Files.write(file, Arrays.copyOf(var1, var2));
      refused("truncated");
    }
  }

  @Test
  void headerLengthThatCannotBe() throws IOException {
    for (long var4 : new long[] {-1L, 0L, 1099511627776L, Long.MAX_VALUE}) {
      Files.write(
          file, ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(0, var4).array());
      refused("a header of %d bytes: no safetensors file".formatted(var4));
    }
  }

  @Test
  void headerThatIsNoHeader() throws IOException {
    for (String var4 :
        new String[] {"[1, 2]", "{'w':3}", "{'w':{}}", "{'w':{'dtype':'F32'", "xx"}) {
      write(var4, 0);
      refused("");
    }
  }

  @Test
  void extentsThatCannotBe() throws IOException {
    write("{" + W + "," + W.replace("\"w\"", "\"v\"") + "}", 24);
    refused("begins at byte 0, what lies before it ends at 24");
    write("{" + W.replace("[0,24]", "[8,32]") + "}", 32);
    refused("tensor w begins at byte 8, what lies before it ends at 0");
    write("{" + W + "}", 28);
    refused("4 bytes follow its last tensor");
    write("{" + W.replace("[0,24]", "[0,20]") + "}", 20);
    refused("tensor w of type F32 and shape [2,3] is said to lie in bytes [0,20]");
    write("{" + W.replace("[2,3]", "[2,-3]") + "}", 24);
    refused("tensor w of type F32 and shape [2,-3]");
    write("{" + W.replace("[2,3]", "[4294967296,4294967296]") + "}", 24);
    refused("its header is not that of a safetensors file");
  }

  @Test
  void twoTensorsOfOneName() throws IOException {
    write("{" + W + "," + W.replace("[0,24]", "[24,48]") + "}", 48);
    refused("two tensors have the name w");
  }

  @Test
  void typeThatIsNotRead() throws IOException {
    write("{" + W.replace("F32", "F8_E4M3") + "}", 24);
    refused("tensor w has type F8_E4M3; one of [BF16, BOOL, F16, F32, F64, I32, I64, I8, U8]");
  }

  @Test
  void missingFile() {
    refused("no such file");
  }

  private void write(String var1, int var2) throws IOException {
    byte[] var3 = var1.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer var4 = ByteBuffer.allocate(8 + var3.length + var2).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, var4.putLong(var3.length).put(var3).array());
  }

  private void refused(String var1) {
    ((AbstractThrowableAssert)
            Assertions.assertThatThrownBy(() -> StateDict.open(file))
                .isInstanceOf(InvalidInputException.class))
        .hasMessageContaining(file.toString())
        .hasMessageContaining(var1);
  }
}
