package instructvideo.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Float32 tensors as Java arrays, in a safetensors file that is small enough for the heap: LoRA
 * weights and moments.
 *
 * @param shapes by name
 * @param values by name, row-major
 * @param metadata the file's "__metadata__"
 */
public record FloatTensors(
    SortedMap<String, long[]> shapes,
    SortedMap<String, float[]> values,
    SortedMap<String, String> metadata) {

  /** Writes the file: names in order, the same bytes for the same tensors. */
  public void write(OutputStream out) throws IOException {
    byte[] header = header().getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(0, header.length).array());
    out.write(header);
    for (float[] tensor : values.values()) {
      out.write(Floats.toBytes(tensor));
    }
  }

  /** Reads what {@link #write} wrote. */
  public static FloatTensors read(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(bytes.getLong());
    String text = new String(file, Long.BYTES, headerLength, StandardCharsets.UTF_8);
    JsonObject header = JsonParser.parseString(text).getAsJsonObject();
    SortedMap<String, String> metadata = new TreeMap<>();
    if (header.has("__metadata__")) {
      header
          .remove("__metadata__")
          .getAsJsonObject()
          .asMap()
          .forEach((key, value) -> metadata.put(key, value.getAsString()));
    }

    SortedMap<String, long[]> shapes = new TreeMap<>();
    SortedMap<String, float[]> values = new TreeMap<>();
    for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
      JsonObject tensor = entry.getValue().getAsJsonObject();
      JsonArray offsets = tensor.getAsJsonArray("data_offsets");
      int start = Long.BYTES + headerLength + offsets.get(0).getAsInt();
      int size = offsets.get(1).getAsInt() - offsets.get(0).getAsInt();
      shapes.put(
          entry.getKey(),
          tensor.getAsJsonArray("shape").asList().stream()
              .mapToLong(JsonElement::getAsLong)
              .toArray());
      values.put(entry.getKey(), Floats.of(bytes.slice(start, size)));
    }

    return new FloatTensors(shapes, values, metadata);
  }

  private String header() {
    JsonObject header = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject entries = new JsonObject();
      metadata.forEach(entries::addProperty);
      header.add("__metadata__", entries);
    }

    long offset = 0;
    for (Map.Entry<String, float[]> tensor : values.entrySet()) {
      long end = offset + (long) Float.BYTES * tensor.getValue().length;
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", "F32");
      entry.add("shape", array(shapes.get(tensor.getKey())));
      entry.add("data_offsets", array(offset, end));
      header.add(tensor.getKey(), entry);
      offset = end;
    }

    String json = header.toString();
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return json + " ".repeat((8 - length % 8) % 8);
  }

  private static JsonArray array(long... numbers) {
    JsonArray array = new JsonArray();
    for (long number : numbers) {
      array.add(number);
    }

    return array;
  }
}
