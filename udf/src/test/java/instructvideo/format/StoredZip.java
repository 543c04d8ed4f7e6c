package instructvideo.format;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives without compression, as torch.save writes them. */
final class StoredZip {

  private StoredZip() {}

  /** Writes an archive of pairs of a name and its bytes. */
  static Path write(Path file, Object... pairs) {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < pairs.length; i += 2) {
        byte[] bytes = (byte[]) pairs[i + 1];
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry((String) pairs[i]);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        ((OutputStream) zip).write(bytes);
        zip.closeEntry();
      }

      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
