package instructvideo.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Float arrays as little-endian bytes, as safetensors and the tables hold them. */
public final class Floats {

  private Floats() {}

  /** Four bytes a number. */
  public static byte[] toBytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** The numbers of {@link #toBytes}. */
  public static float[] of(byte[] bytes) {
    return of(ByteBuffer.wrap(bytes));
  }

  static float[] of(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
