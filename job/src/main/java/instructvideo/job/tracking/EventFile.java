package instructvideo.job.tracking;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32C;

/**
 * An event file of TensorBoard: TFRecord frames of tensorflow.Event messages (event.proto,
 * summary.proto, and plugin_data.proto of the plugin hparams).
 */
final class EventFile {

  private static final int DT_STRING = 7;
  private static final int CRC_MASK = 0xa282ead8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final double wallTime;
  private final int step;

  /**
   * A file of one step.
   *
   * @param time milliseconds since 1970
   */
  EventFile(long time, int step) {
    wallTime = time / 1e3;
    this.step = step;
    add(new ProtoMessage().put(1, wallTime).put(3, "brain.Event:2"));
  }

  EventFile scalars(SortedMap<String, Double> values) {
    values.forEach((tag, value) -> summary(value(tag).put(2, value.floatValue())));
    return this;
  }

  /**
   * A picture that moves.
   *
   * @param description Markdown
   */
  EventFile gif(String tag, String description, byte[] gif) {
    ByteBuffer header = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN);
    ProtoMessage image =
        new ProtoMessage()
            .put(1, header.getShort(8) & 0xFFFFL) // height
            .put(2, header.getShort(6) & 0xFFFFL) // width
            .put(3, 3L) // RGB
            .put(4, gif);
    ProtoMessage metadata = plugin("images", new ProtoMessage()).put(3, description);
    return summary(value(tag).put(9, metadata).put(4, image));
  }

  /** A text in Markdown. */
  EventFile text(String tag, String markdown) {
    ProtoMessage one = new ProtoMessage().put(2, new ProtoMessage().put(1, 1L));
    ProtoMessage tensor = new ProtoMessage().put(1, (long) DT_STRING).put(2, one).put(8, markdown);
    return summary(value(tag).put(9, plugin("text", new ProtoMessage())).put(8, tensor));
  }

  /** The run's line in the table of hyperparameters. */
  EventFile hparams(Map<String, String> parameters) {
    ProtoMessage start = new ProtoMessage();
    parameters.forEach((key, value) -> start.put(1, entry(key, value)));
    start.put(5, wallTime);
    return hparams("_hparams_/session_start_info", new ProtoMessage().put(3, start));
  }

  /** What became of it. */
  EventFile end(boolean success) {
    ProtoMessage end = new ProtoMessage().put(1, success ? 1L : 2L).put(2, wallTime);
    return hparams("_hparams_/session_end_info", new ProtoMessage().put(4, end));
  }

  private EventFile hparams(String tag, ProtoMessage data) {
    return summary(value(tag).put(9, plugin("hparams", data)));
  }

  private static ProtoMessage entry(String key, String value) {
    boolean number = value.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    ProtoMessage any = new ProtoMessage();
    if (number) {
      any.put(2, Double.parseDouble(value));
    } else {
      any.put(3, value);
    }

    return new ProtoMessage().put(1, key).put(2, any);
  }

  private static ProtoMessage value(String tag) {
    return new ProtoMessage().put(1, tag);
  }

  /** A SummaryMetadata. */
  private static ProtoMessage plugin(String name, ProtoMessage content) {
    return new ProtoMessage().put(1, new ProtoMessage().put(1, name).put(2, content));
  }

  private EventFile summary(ProtoMessage value) {
    ProtoMessage summary = new ProtoMessage().put(1, value);
    return add(new ProtoMessage().put(1, wallTime).put(2, (long) step).put(5, summary));
  }

  private EventFile add(ProtoMessage event) {
    byte[] data = event.bytes();
    byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
    out.writeBytes(length);
    out.writeBytes(checksum(length));
    out.writeBytes(data);
    out.writeBytes(checksum(data));
    return this;
  }

  private static byte[] checksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
    return littleEndian(Integer.BYTES).putInt(masked).array();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The whole file. */
  byte[] bytes() {
    return out.toByteArray();
  }
}
