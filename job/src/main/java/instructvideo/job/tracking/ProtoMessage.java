package instructvideo.job.tracking;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The wire format of a protobuf message, as far as event files need it: org.tensorflow:proto on
 * Maven Central is of 2019, and needs a protobuf library that each Spark has in another version.
 */
final class ProtoMessage {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private ProtoMessage key(int field, int wireType) {
    return varint(((long) field << 3) | wireType);
  }

  private ProtoMessage varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }

    out.write((int) rest);
    return this;
  }

  ProtoMessage put(int field, long value) {
    return key(field, VARINT).varint(value);
  }

  ProtoMessage put(int field, double value) {
    key(field, FIXED64);
    out.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
    return this;
  }

  ProtoMessage put(int field, float value) {
    key(field, FIXED32);
    out.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
    return this;
  }

  ProtoMessage put(int field, byte[] value) {
    key(field, LENGTH).varint(value.length);
    out.writeBytes(value);
    return this;
  }

  ProtoMessage put(int field, String value) {
    return put(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoMessage put(int field, ProtoMessage value) {
    return put(field, value.bytes());
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
