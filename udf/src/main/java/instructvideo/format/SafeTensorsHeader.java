package instructvideo.format;

import ai.djl.ndarray.types.DataType;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of a safetensors file, checked as the reference implementation does: known types,
 * shapes that fill their bytes, tensors without gaps or overlaps up to the file's end.
 */
final class SafeTensorsHeader {

  private static final long LIMIT = 100_000_000; // bytes, as in the reference implementation
  private static final List<String> KEYS = List.of("dtype", "shape", "data_offsets");

  private final Path file;
  private final Map<String, TensorLocation> tensors = new LinkedHashMap<>();
  private final List<Extent> extents = new ArrayList<>();
  private final SortedMap<String, String> metadata = new TreeMap<>();

  private SafeTensorsHeader(Path file) {
    this.file = file;
  }

  /**
   * Reads and checks it.
   *
   * @throws InvalidInputException if the file is truncated or no safetensors file
   */
  static SafeTensorsHeader read(FileChannel channel, Path file) throws IOException {
    SafeTensorsHeader header = new SafeTensorsHeader(file);
    long fileLength = channel.size();
    byte[] json = header.json(channel, fileLength);
    try {
      header.parse(new String(json, StandardCharsets.UTF_8), Long.BYTES + json.length);
    } catch (IllegalStateException
        | UnsupportedOperationException
        | ClassCastException
        | ArithmeticException
        | IllegalArgumentException
        | IOException
        | JsonParseException e) {
      throw new InvalidInputException(
          "Cannot read %s: its header is not that of a safetensors file (%s)"
              .formatted(file, firstLine(e)),
          e);
    }

    header.checkExtents(fileLength - Long.BYTES - json.length);
    return header;
  }

  /** Where the tensors lie, by name, in the header's order. */
  Map<String, TensorLocation> tensors() {
    return tensors;
  }

  /** The entries of "__metadata__". */
  SortedMap<String, String> metadata() {
    return metadata;
  }

  private byte[] json(FileChannel channel, long fileLength) throws IOException {
    if (fileLength < Long.BYTES) {
      throw invalid("it has %d bytes: truncated, or no safetensors file", fileLength);
    }

    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, length, 0);
    long headerLength = length.getLong(0);
    if (headerLength < 2 || headerLength > LIMIT) {
      throw invalid("a header of %d bytes: no safetensors file", headerLength);
    }

    if (headerLength > fileLength - Long.BYTES) {
      throw invalid(
          "truncated: a header of %d bytes in a file of %d; fetch it again",
          headerLength, fileLength);
    }

    byte[] json = new byte[(int) headerLength];
    fill(channel, ByteBuffer.wrap(json), Long.BYTES);
    return json;
  }

  /** Reads until the buffer is full or the file ends. */
  private static void fill(FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        return;
      }

      at += read;
    }
  }

  private void parse(String json, long dataStart) throws IOException {
    Gson gson = new Gson();
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        JsonObject entry = gson.fromJson(reader, JsonObject.class);
        if (name.equals("__metadata__")) {
          addMetadata(entry);
        } else {
          add(name, entry, dataStart);
        }
      }

      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw invalid("text follows its header");
      }
    }
  }

  private void addMetadata(JsonObject entries) {
    if (entries == null) {
      throw invalid("its __metadata__ is no object");
    }

    for (Entry<String, JsonElement> entry : entries.entrySet()) {
      if (!entry.getValue().isJsonPrimitive()) {
        throw invalid("its __metadata__ %s is no text", entry.getKey());
      }

      metadata.put(entry.getKey(), entry.getValue().getAsString());
    }
  }

  private void add(String name, JsonObject entry, long dataStart) {
    if (entry == null || !entry.keySet().containsAll(KEYS)) {
      throw invalid("tensor %s has not all of %s", name, KEYS);
    }

    String typeName = entry.get("dtype").getAsString();
    DataType type = SafeTensors.TYPES.get(typeName);
    if (type == null) {
      throw invalid(
          "tensor %s has type %s; one of %s is read",
          name, typeName, SafeTensors.TYPES.keySet().stream().sorted().toList());
    }

    long[] shape = longs(entry, "shape");
    long[] offsets = longs(entry, "data_offsets");
    if (offsets.length != 2 || !fits(shape, type.getNumOfBytes(), offsets[0], offsets[1])) {
      throw invalid(
          "tensor %s of type %s and shape %s is said to lie in bytes %s",
          name, typeName, entry.get("shape"), entry.get("data_offsets"));
    }

    extents.add(new Extent(name, offsets[0], offsets[1]));
    TensorLocation tensor = TensorLocation.contiguous(file, dataStart + offsets[0], type, shape);
    if (tensors.put(name, tensor) != null) {
      throw invalid("two tensors have the name %s", name);
    }
  }

  /** Whether a tensor of this shape takes just these bytes. */
  private static boolean fits(long[] shape, long elementBytes, long begin, long end) {
    long bytes = elementBytes;
    for (long size : shape) {
      if (size < 0) {
        return false;
      }

      bytes = Math.multiplyExact(bytes, size);
    }

    return begin >= 0 && end - begin == bytes;
  }

  /** Whole numbers that a long holds: others would be cut to some that fit. */
  private static long[] longs(JsonObject entry, String key) {
    return entry.getAsJsonArray(key).asList().stream()
        .mapToLong(number -> Long.parseLong(number.getAsString()))
        .toArray();
  }

  private void checkExtents(long dataLength) {
    extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
    long end = 0;
    for (Extent extent : extents) {
      if (extent.begin != end) {
        throw invalid(
            "tensor %s begins at byte %d, what lies before it ends at %d",
            extent.name, extent.begin, end);
      }

      end = extent.end;
    }

    if (end > dataLength) {
      throw invalid("truncated: %d bytes of tensors of %d; fetch it again", dataLength, end);
    }

    if (end < dataLength) {
      throw invalid("%d bytes follow its last tensor", dataLength - end);
    }
  }

  private InvalidInputException invalid(String format, Object... values) {
    return new InvalidInputException("Cannot read %s: ".formatted(file) + format.formatted(values));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** A tensor's bytes, counted from the end of the header. */
  private record Extent(String name, long begin, long end) {}
}
