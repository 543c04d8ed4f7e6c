package instructvideo.format;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * A tensor as it lies in a file; nothing here needs the engine.
 *
 * @param file that holds it
 * @param type as safetensors names it: F32, F16, BF16, ...
 * @param shape of the tensor
 * @param offset of its first byte in the file
 * @param bytes that it takes
 */
public record StoredTensor(Path file, String type, long[] shape, long offset, long bytes) {

  /** Copies the bytes as they are. */
  public void writeTo(WritableByteChannel out) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long done = 0;
      while (done < bytes) {
        done += channel.transferTo(offset + done, bytes - done, out);
      }
    }
  }

  /**
   * The numbers, widened.
   *
   * @throws InvalidInputException if the type is none of F32, F16 and BF16
   */
  public float[] floats() throws IOException {
    ByteBuffer buffer;
    try (FileChannel channel = FileChannel.open(file)) {
      buffer = channel.map(MapMode.READ_ONLY, offset, bytes);
    }

    buffer.order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[Math.toIntExact(bytes / width())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case "F32" -> buffer.getFloat();
            case "F16" -> HalfFloats.ofBinary16(buffer.getShort());
            default -> HalfFloats.ofBfloat16(buffer.getShort());
          };
    }

    return values;
  }

  /** Other numbers in this tensor's type, rounded to nearest even. */
  public ByteBuffer encode(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(values.length, width()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case "F32" -> buffer.putFloat(value);
        case "F16" -> buffer.putShort(HalfFloats.toBinary16(value));
        default -> buffer.putShort(HalfFloats.toBfloat16(value));
      }
    }

    return buffer.flip();
  }

  private int width() {
    return switch (type) {
      case "F32" -> 4;
      case "F16", "BF16" -> 2;
      default ->
          throw InvalidInputException.of(
              "Cannot merge into %s: a weight of type %s; the types are F32, F16, BF16",
              file, type);
    };
  }
}
