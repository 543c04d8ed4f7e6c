package instructvideo.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

public final class TorchFiles {
  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private int storages;

  public TorchFiles() {
    raw(128, 2, 125, 40);
  }

  public TorchFiles tensor(String var1, float[] var2, long[] var3, long... var4) {
    String var5 = String.valueOf(storages++);
    ByteBuffer var6 = ByteBuffer.allocate(4 * var2.length).order(ByteOrder.LITTLE_ENDIAN);
    var6.asFloatBuffer().put(var2);
    entries.put("data/" + var5, var6.array());
    text(var1);
    global("torch._utils", "_rebuild_tensor_v2");
    raw(40, 40);
    text("storage");
    global("torch", "FloatStorage");
    text(var5);
    text("cpu");
    number(var2.length);
    raw(116, 81, 75, 0);
    numbers(var3);
    numbers(var4);
    raw(137);
    global("collections", "OrderedDict");
    raw(41, 82, 116, 82);
    return this;
  }

  public TorchFiles entry(String var1, int var2) {
    text(var1);
    number(var2);
    return this;
  }

  public TorchFiles object(String var1, String var2, String var3) {
    text(var1);
    global(var2, var3);
    raw(41, 82);
    return this;
  }

  public TorchFiles begin(String var1) {
    text(var1);
    raw(125, 40);
    return this;
  }

  public TorchFiles end() {
    raw(117);
    return this;
  }

  public TorchFiles file(String var1, String var2) {
    entries.put(var1, var2.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public TorchFiles without(String var1) {
    entries.remove(var1);
    return this;
  }

  public Path write(Path var1) {
    raw(117, 46);

    try {
      try (ZipOutputStream var2 = new ZipOutputStream(Files.newOutputStream(var1))) {
        store(var2, "archive/data.pkl", pickle.toByteArray());

        for (Entry var4 : entries.entrySet()) {
          store(var2, "archive/" + (String) var4.getKey(), (byte[]) var4.getValue());
        }
      }

      return var1;
    } catch (IOException var7) {
      throw new UncheckedIOException(var7);
    }
  }

  private static void store(ZipOutputStream var0, String var1, byte[] var2) throws IOException {
    CRC32 var3 = new CRC32();
    var3.update(var2);
    ZipEntry var4 = new ZipEntry(var1);
    var4.setMethod(0);
    var4.setSize(var2.length);
    var4.setCrc(var3.getValue());
    var0.putNextEntry(var4);
    var0.write(var2);
    var0.closeEntry();
  }

  private void raw(int... var1) {
    for (int var5 : var1) {
      pickle.write(var5);
    }
  }

  private void global(String var1, String var2) {
    raw(99);
    pickle.writeBytes((var1 + "\n" + var2 + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void text(String var1) {
    byte[] var2 = var1.getBytes(StandardCharsets.UTF_8);
    raw(88, var2.length, 0, 0, 0);
    pickle.writeBytes(var2);
  }

  private void number(int var1) {
    raw(74, var1 & 0xFF, var1 >> 8 & 0xFF, var1 >> 16 & 0xFF, var1 >> 24 & 0xFF);
  }

  private void numbers(long... var1) {
    raw(40);

    for (long var5 : var1) {
      number((int) var5);
    }

    raw(116);
  }
}
