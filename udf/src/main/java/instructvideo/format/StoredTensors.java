package instructvideo.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map.Entry;
import java.util.SortedMap;

/**
 * A checkpoint's tensors as they lie in their files, to be copied with changes; nothing here needs
 * the engine.
 */
public record StoredTensors(SortedMap<String, StoredTensor> byName) {

  /** Those of a checkpoint, see {@link StateDict#open}. */
  public static StoredTensors read(Path path) throws IOException {
    return new StoredTensors(StateDict.open(path).stored());
  }

  /**
   * Writes a new safetensors file, the names in order, in the types that the tensors have.
   *
   * @param changes that are made on the way
   */
  public void write(Path out, Changes changes) throws IOException {
    JsonObject header = new JsonObject();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("format", "pt");
    header.add("__metadata__", metadata);
    long offset = 0;
    for (Entry<String, StoredTensor> entry : byName.entrySet()) {
      long end = offset + entry.getValue().bytes();
      header.add(entry.getKey(), describe(entry.getValue(), offset, end));
      offset = end;
    }

    try (FileChannel channel =
        FileChannel.open(out, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(channel, headerBytes(header));
      for (Entry<String, StoredTensor> entry : byName.entrySet()) {
        ByteBuffer changed = changes.of(entry.getKey(), entry.getValue());
        if (changed == null) {
          entry.getValue().writeTo(channel);
        } else {
          writeFully(channel, changed);
        }
      }
    }
  }

  private static JsonObject describe(StoredTensor tensor, long begin, long end) {
    JsonArray shape = new JsonArray();
    for (long size : tensor.shape()) {
      shape.add(size);
    }

    JsonArray offsets = new JsonArray();
    offsets.add(begin);
    offsets.add(end);
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", tensor.type());
    entry.add("shape", shape);
    entry.add("data_offsets", offsets);
    return entry;
  }

  private static ByteBuffer headerBytes(JsonObject header) {
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = SafeTensors.padding(json.length);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + padding).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length + padding).put(json);
    return bytes.put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII)).flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** New bytes for some of the tensors. */
  public interface Changes {
    /** A tensor's new bytes, in its type; null to leave it as it is. */
    ByteBuffer of(String name, StoredTensor tensor) throws IOException;
  }
}
