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
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as torch.save does: a dict in a pickle, and the storages of its tensors. */
public final class TorchFiles {

  // Python's Lib/pickle.py
  private static final int PROTO = 0x80;
  private static final int EMPTY_DICT = '}';
  private static final int SETITEMS = 'u';
  private static final int MARK = '(';
  private static final int STOP = '.';
  private static final int GLOBAL = 'c';
  private static final int BINUNICODE = 'X';
  private static final int BININT = 'J';
  private static final int BININT1 = 'K';
  private static final int BINPERSID = 'Q';
  private static final int EMPTY_TUPLE = ')';
  private static final int TUPLE = 't';
  private static final int REDUCE = 'R';
  private static final int NEWFALSE = 0x89;

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private int storages;

  /** An archive of an empty dict; what follows fills it. */
  public TorchFiles() {
    raw(PROTO, 2, EMPTY_DICT, MARK);
  }

  /** Adds a float32 tensor of this shape and these strides over a storage of its own. */
  public TorchFiles tensor(String name, float[] storage, long[] shape, long... strides) {
    String key = String.valueOf(storages++);
    ByteBuffer bytes = ByteBuffer.allocate(4 * storage.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(storage);
    entries.put("data/" + key, bytes.array());
    text(name);
    global("torch._utils", "_rebuild_tensor_v2");
    raw(MARK, MARK);
    text("storage");
    global("torch", "FloatStorage");
    text(key);
    text("cpu");
    number(storage.length);
    raw(TUPLE, BINPERSID, BININT1, 0);
    numbers(shape);
    numbers(strides);
    raw(NEWFALSE);
    global("collections", "OrderedDict");
    raw(EMPTY_TUPLE, REDUCE, TUPLE, REDUCE);
    return this;
  }

  /** Adds a number. */
  public TorchFiles entry(String name, int value) {
    text(name);
    number(value);
    return this;
  }

  /** Adds an object of any class: what its call without arguments returns. */
  public TorchFiles object(String name, String module, String className) {
    text(name);
    global(module, className);
    raw(EMPTY_TUPLE, REDUCE);
    return this;
  }

  /** Begins a dict within the dict. */
  public TorchFiles begin(String name) {
    text(name);
    raw(EMPTY_DICT, MARK);
    return this;
  }

  /** Ends what begin began. */
  public TorchFiles end() {
    raw(SETITEMS);
    return this;
  }

  /** Adds another file to the archive. */
  public TorchFiles file(String name, String content) {
    entries.put(name, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Leaves a file out of the archive. */
  public TorchFiles without(String name) {
    entries.remove(name);
    return this;
  }

  /** Ends the dict and writes the archive. */
  public Path write(Path file) {
    raw(SETITEMS, STOP);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      store(zip, "archive/data.pkl", pickle.toByteArray());
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        store(zip, "archive/" + entry.getKey(), entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }

    return file;
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private void raw(int... bytes) {
    for (int value : bytes) {
      pickle.write(value);
    }
  }

  private void global(String module, String name) {
    raw(GLOBAL);
    pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    raw(BINUNICODE, bytes.length, 0, 0, 0);
    pickle.writeBytes(bytes);
  }

  private void number(int value) {
    raw(BININT, value, value >> 8, value >> 16, value >> 24); // write() keeps the lowest byte
  }

  private void numbers(long... values) {
    raw(MARK);
    for (long value : values) {
      number((int) value);
    }

    raw(TUPLE);
  }
}
