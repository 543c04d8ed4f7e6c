package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.spark.HadoopFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files that appear whole or not at all. */
public final class Outputs {

  /** Stores that rename a directory in one step. */
  private static final Set<String> RENAMING = Set.of("file", "hdfs");

  private static final Pattern REMAINS = Pattern.compile("_temporary|__magic.*");

  private static final String PART = ".part";

  private Outputs() {}

  /** Whether it is the name of a file that was being written when a process was killed. */
  public static boolean isPart(String name) {
    return name.startsWith(".") && name.endsWith(PART);
  }

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
      if (HadoopFiles.isLocal(uri)) {
        localFile(ModelFiles.local(uri).toAbsolutePath(), writer);
      } else {
        remoteFile(new Path(uri), writer);
      }
    } catch (IOException e) {
      throw unwritable(uri, e);
    }
  }

  /**
   * Fills a new directory on this machine, then puts it in its place: there in one rename,
   * elsewhere file by file in the order of their names but those in {@code last}, without which
   * readers see nothing.
   *
   * @return names of the files
   * @throws InvalidInputException if something is there already, or the place cannot be written to
   */
  public static List<String> directory(String uri, Set<String> last, Writer writer) {
    checkEmpty(uri);
    try {
      return HadoopFiles.isLocal(uri)
          ? localDirectory(ModelFiles.local(uri).toAbsolutePath().normalize(), writer)
          : remoteDirectory(uri, last, writer);
    } catch (IOException e) {
      throw unwritable(uri, e);
    }
  }

  /**
   * Checks that there is nothing, or an empty directory, or what killed jobs of Spark left.
   *
   * @throws InvalidInputException if there is something else
   */
  public static void checkEmpty(String uri) {
    Path path = new Path(uri);
    try {
      if (Storage.exists(path) && !isEmptyDirectory(path)) {
        throw InvalidInputException.of(
            "Cannot write to %s: it is there and not empty; give another --out", uri);
      }
    } catch (IOException e) {
      throw unwritable(uri, e);
    }
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    FileSystem files = Storage.fileSystem(path);
    return files.getFileStatus(path).isDirectory()
        && Storage.list(path).stream().allMatch(REMAINS.asMatchPredicate());
  }

  /**
   * Has Spark fill a new directory. Where renaming is one step it appears whole; on an object store
   * Spark's committer makes its files visible when all are written.
   *
   * @param writer is given the directory that it writes to, of which it overwrites what is there
   * @throws InvalidInputException if something is there already, or the place cannot be written to
   */
  public static void table(String uri, Consumer<String> writer) {
    checkEmpty(uri);
    Path path = new Path(uri);
    try {
      FileSystem files = Storage.fileSystem(path);
      if (RENAMING.contains(files.getUri().getScheme())) {
        renamedTable(files, files.makeQualified(path), writer);
      } else {
        writer.accept(uri);
      }
    } catch (IOException e) {
      throw unwritable(uri, e);
    }
  }

  private static void renamedTable(FileSystem files, Path path, Consumer<String> writer)
      throws IOException {
    Path temporary = new Path(path.getParent(), "." + path.getName() + suffix());
    if (!files.mkdirs(temporary)) {
      throw new IOException("cannot make " + temporary);
    }

    try {
      writer.accept(temporary.toString());
      checkEmpty(path.toString()); // Spark may have taken hours
      files.delete(path, true);
      if (!files.rename(temporary, path)) {
        throw new IOException("cannot rename " + temporary);
      }
    } finally {
      files.delete(temporary, true);
    }
  }

  private static InvalidInputException unwritable(String uri, IOException e) {
    return new InvalidInputException("Cannot write %s: %s".formatted(uri, Failures.line(e)), e);
  }

  private static List<String> localDirectory(java.nio.file.Path directory, Writer writer)
      throws IOException {
    Files.createDirectories(directory.getParent());
    java.nio.file.Path temporary =
        directory.resolveSibling("." + directory.getFileName() + suffix());
    Files.createDirectory(temporary);
    try {
      writer.write(temporary);
      List<String> names = names(temporary);
      // Over an empty directory too, which rename(2) replaces.
      Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
      return names;
    } finally {
      delete(temporary);
    }
  }

  private static List<String> remoteDirectory(String uri, Set<String> last, Writer writer)
      throws IOException {
    java.nio.file.Path local = Files.createTempDirectory("instructvideo");
    try {
      writer.write(local);
      List<String> names = names(local);
      names.sort(Comparator.comparing(last::contains)); // stable
      for (String name : names) {
        file(uri + "/" + name, file -> Files.copy(local.resolve(name), file));
      }

      return names;
    } finally {
      delete(local);
    }
  }

  private static List<String> names(java.nio.file.Path directory) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(directory)) {
      return new ArrayList<>(files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  /** A directory of files, if it is there. */
  private static void delete(java.nio.file.Path directory) throws IOException {
    if (Files.exists(directory)) {
      for (String name : names(directory)) {
        Files.delete(directory.resolve(name));
      }

      Files.delete(directory);
    }
  }

  private static void localFile(java.nio.file.Path file, Writer writer) throws IOException {
    Files.createDirectories(file.getParent());
    java.nio.file.Path temporary = file.resolveSibling("." + file.getFileName() + suffix());
    try {
      writer.write(temporary);
      Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc")); // of Hadoop's
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void remoteFile(Path path, Writer writer) throws IOException {
    FileSystem files = Storage.fileSystem(path);
    java.nio.file.Path local = Files.createTempDirectory("instructvideo").resolve("file");
    Path temporary = new Path(path.getParent(), "." + path.getName() + suffix());
    try {
      writer.write(local);
      files.copyFromLocalFile(false, true, new Path(local.toUri()), temporary);
      files.delete(path, false);
      if (!files.rename(temporary, path)) {
        throw new IOException("cannot rename " + temporary);
      }
    } finally {
      delete(local.getParent());
      files.delete(temporary, false);
    }
  }

  private static String suffix() {
    return "." + UUID.randomUUID() + PART;
  }
}
