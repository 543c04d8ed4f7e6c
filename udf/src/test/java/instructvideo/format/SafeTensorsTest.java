package instructvideo.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {

  private static final String W = "'w':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]}";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("model.safetensors");
  }

  @Test
  void shapesAreReadFromTheHeaderAlone() throws IOException {
    write("{'__metadata__':{'format':'pt'}," + W + "}", 24);

    assertThat(StateDict.open(directory).shapes().get("w")).containsExactly(2, 3);
  }

  @Test
  void everyTruncationIsOneError() throws IOException {
    write("{" + W + "}", 24);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused("truncated");
    }
  }

  @Test
  void headerLengthThatCannotBe() throws IOException {
    for (long length : new long[] {-1, 0, 1L << 40, Long.MAX_VALUE}) {
      ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      Files.write(file, bytes.putLong(0, length).array());
      refused("a header of %d bytes: no safetensors file".formatted(length));
    }
  }

  @Test
  void headerThatIsNoHeader() throws IOException {
    for (String header :
        new String[] {"[1, 2]", "{'w':3}", "{'w':{}}", "{'w':{'dtype':'F32'", "xx"}) {
      write(header, 0);
      refused("");
    }
  }

  @Test
  void extentsThatCannotBe() throws IOException {
    write("{" + W + "," + W.replace("'w'", "'v'") + "}", 24);
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
    write("{" + W.replace("[0,24]", "[0,18446744073709551640]") + "}", 24); // 24 in 64 bits
    refused("its header is not that of a safetensors file");
    write("{" + W.replace("[2,3]", "[2.5,3]") + "}", 24);
    refused("its header is not that of a safetensors file");
    write("{" + W.replace("[2,3]", "6") + "}", 24);
    refused("its header is not that of a safetensors file");
    write("{" + W + "} {}", 24);
    refused("its header is not that of a safetensors file");
    write("{'__metadata__':{'a':[]}," + W + "}", 24);
    refused("its __metadata__ a is no text");
    write("{'w':" + "[".repeat(100_000), 0);
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

  /** Writes a header, its apostrophes as quotation marks, and as many zeros as data. */
  private void write(String header, int dataBytes) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).array());
  }

  private void refused(String message) {
    assertThatThrownBy(() -> StateDict.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }
}
