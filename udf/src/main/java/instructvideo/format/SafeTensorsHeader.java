package instructvideo.format;

import ai.djl.ndarray.types.DataType;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
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

final class SafeTensorsHeader {
  private static final long LIMIT = 100000000L;
  private static final List<String> KEYS = List.of("dtype", "shape", "data_offsets");
  private final Path file;
  private final Map<String, TensorLocation> tensors = new LinkedHashMap<>();
  private final List<SafeTensorsHeader.Extent> extents = new ArrayList<>();

  private SafeTensorsHeader(Path file) {
    this.file = file;
  }

  static Map<String, TensorLocation> read(FileChannel channel, Path file) throws IOException {
    SafeTensorsHeader header = new SafeTensorsHeader(file);
    long fileLength = channel.size();
    byte[] json = header.json(channel, fileLength);

    try {
      header.parse(new String(json, StandardCharsets.UTF_8), 8 + json.length);
    } catch (IllegalStateException
        | UnsupportedOperationException
        | ArithmeticException
        | IllegalArgumentException
        | IOException
        | JsonParseException var7) {
      throw new InvalidInputException(
          "Cannot read %s: its header is not that of a safetensors file (%s)"
              .formatted(file, firstLine(var7)),
          var7);
    }

    header.checkExtents(fileLength - 8L - json.length);
    return header.tensors;
  }

  private byte[] json(FileChannel channel, long fileLength) throws IOException {
    if (fileLength < 8L) {
      throw invalid("it has %d bytes: truncated, or no safetensors file", fileLength);
    } else {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      fill(channel, length, 0L);
      long headerLength = length.getLong(0);
      if (headerLength < 2L || headerLength > LIMIT) {
        throw invalid("a header of %d bytes: no safetensors file", headerLength);
      } else if (headerLength > fileLength - 8L) {
        throw invalid(
            "truncated: a header of %d bytes in a file of %d; fetch it again",
            headerLength, fileLength);
      } else {
        byte[] json = new byte[(int) headerLength];
        fill(channel, ByteBuffer.wrap(json), 8L);
        return json;
      }
    }
  }

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
        JsonObject entry = (JsonObject) gson.fromJson(reader, JsonObject.class);
        if (!name.equals("__metadata__")) {
          add(name, entry, dataStart);
        }
      }

      reader.endObject();
    }
  }

  private void add(String name, JsonObject entry, long dataStart) {
    if (entry != null && entry.keySet().containsAll(KEYS)) {
      String typeName = entry.get("dtype").getAsString();
      DataType type = SafeTensors.TYPES.get(typeName);
      if (type == null) {
        throw invalid(
            "tensor %s has type %s; one of %s is read",
            name, typeName, SafeTensors.TYPES.keySet().stream().sorted().toList());
      } else {
        long[] shape = longs(entry, "shape");
        long[] offsets = longs(entry, "data_offsets");
        if (offsets.length == 2 && fits(shape, type.getNumOfBytes(), offsets[0], offsets[1])) {
          extents.add(new SafeTensorsHeader.Extent(name, offsets[0], offsets[1]));
          TensorLocation tensor =
              TensorLocation.contiguous(file, dataStart + offsets[0], type, shape);
          if (tensors.put(name, tensor) != null) {
            throw invalid("two tensors have the name %s", name);
          }
        } else {
          throw invalid(
              "tensor %s of type %s and shape %s is said to lie in bytes %s",
              name, typeName, entry.get("shape"), entry.get("data_offsets"));
        }
      }
    } else {
      throw invalid("tensor %s has not all of %s", name, KEYS);
    }
  }

  private static boolean fits(long[] shape, long elementBytes, long begin, long end) {
    long bytes = elementBytes;

    for (long size : shape) {
      if (size < 0L) {
        return false;
      }

      bytes = Math.multiplyExact(bytes, size);
    }

    return begin >= 0L && end - begin == bytes;
  }

  private static long[] longs(JsonObject entry, String key) {
    return entry.getAsJsonArray(key).asList().stream().mapToLong(n -> n.getAsLong()).toArray();
  }

  private void checkExtents(long dataLength) {
    extents.sort(
        Comparator.comparingLong(SafeTensorsHeader.Extent::begin)
            .thenComparingLong(SafeTensorsHeader.Extent::end));
    long end = 0L;

    for (SafeTensorsHeader.Extent extent : extents) {
      if (extent.begin != end) {
        throw invalid(
            "tensor %s begins at byte %d, what lies before it ends at %d",
            extent.name, extent.begin, end);
      }

      end = extent.end;
    }

    if (end > dataLength) {
      throw invalid("truncated: %d bytes of tensors of %d; fetch it again", dataLength, end);
    } else if (end < dataLength) {
      throw invalid("%d bytes follow its last tensor", dataLength - end);
    }
  }

  private InvalidInputException invalid(String format, Object... values) {
    return new InvalidInputException("Cannot read %s: ".formatted(file) + format.formatted(values));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private record Extent(String name, long begin, long end) {}
}
