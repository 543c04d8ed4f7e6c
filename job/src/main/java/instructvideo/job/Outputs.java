package instructvideo.job;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files that appear whole or not at all. */
public final class Outputs {

  private Outputs() {}

  /** Writes a local file. */
  public interface Writer {

    /** Writes it. */
    void write(java.nio.file.Path file) throws IOException;
  }

  /**
   * Writes a file under a temporary name beside its own, then renames it; replaces what is there.
   *
   * @throws InvalidInputException if the place cannot be written to
   */
  public static void file(String uri, Writer writer) {
    try {
      if (isLocal(uri)) {
        localFile(ModelFiles.local(uri).toAbsolutePath(), writer);
      } else {
        remoteFile(new Path(uri), writer);
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write %s: %s".formatted(uri, Failures.line(e)), e);
    }
  }

  /** Whether a URI names a file of this machine. */
  static boolean isLocal(String uri) {
    return uri.startsWith("file:") || !uri.matches("^[A-Za-z][A-Za-z0-9+.-]*://.*");
  }

  private static void localFile(java.nio.file.Path file, Writer writer) throws IOException {
    Files.createDirectories(file.getParent());
    java.nio.file.Path temporary = file.resolveSibling("." + file.getFileName() + suffix());
    try {
      writer.write(temporary);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void remoteFile(Path path, Writer writer) throws IOException {
    FileSystem files = Storage.fileSystem(path);
    java.nio.file.Path local = Files.createTempFile("instructvideo", ".part");
    Path temporary = new Path(path.getParent(), "." + path.getName() + suffix());
    try {
      writer.write(local);
      files.copyFromLocalFile(false, true, new Path(local.toUri()), temporary);
      files.delete(path, false);
      if (!files.rename(temporary, path)) {
        throw new IOException("cannot rename " + temporary);
      }
    } finally {
      Files.deleteIfExists(local);
      files.delete(temporary, false);
    }
  }

  private static String suffix() {
    return "." + UUID.randomUUID() + ".part";
  }
}
