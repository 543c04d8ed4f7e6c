package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.spark.HadoopFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files behind URIs: local paths, s3a://, hdfs:// and whatever else Hadoop reads. */
public final class Storage {

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  private Storage() {}

  /** The file system of a URI. */
  public static FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(HadoopFiles.configuration());
  }

  /**
   * What a URI names.
   *
   * @throws InvalidInputException if there is nothing, or it cannot be reached
   */
  public static FileStatus status(String uri) {
    Path path = new Path(uri);
    try {
      return fileSystem(path).getFileStatus(path);
    } catch (IOException e) {
      throw unreadable(uri, e);
    }
  }

  /**
   * What a path or a glob names, sorted; nothing if there is none. A path with brackets is a path.
   */
  public static List<FileStatus> glob(String uri) throws IOException {
    Path path = new Path(uri);
    try {
      return List.of(fileSystem(path).getFileStatus(path));
    } catch (FileNotFoundException e) {
      FileStatus[] found = fileSystem(path).globStatus(path);
      return found == null ? List.of() : List.of(found);
    }
  }

  /** The whole of a small text file. */
  public static String readText(String uri) {
    return new String(readBytes(uri), StandardCharsets.UTF_8);
  }

  /** The whole of a small file. */
  public static byte[] readBytes(String uri) {
    Path path = new Path(uri);
    try (InputStream in = fileSystem(path).open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw unreadable(uri, e);
    }
  }

  private static InvalidInputException unreadable(String uri, IOException e) {
    String reason =
        e instanceof FileNotFoundException ? "no such file or directory" : Failures.line(e);
    return new InvalidInputException("Cannot read %s: %s".formatted(uri, reason), e);
  }

  /**
   * Writes a small text file, replacing what is there; on a disk the file appears whole: half of
   * one that says what a folder is would stay for ever.
   */
  public static void writeText(Path path, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String uri = path.toString();
    if (HadoopFiles.isLocal(uri)) {
      Outputs.file(uri, part -> Files.write(part, bytes));
    } else {
      write(path, bytes);
    }
  }

  /** Writes a file, replacing what is there. */
  public static void write(Path path, byte[] bytes) throws IOException {
    try (OutputStream out = fileSystem(path).create(path, true)) {
      out.write(bytes);
    } catch (FSError e) { // what Hadoop makes of a disk's error is no exception
      throw new IOException("Cannot write " + path, e);
    }
  }

  /**
   * Removes what is of no more use. A store that refuses is no reason to fail: what stays is in
   * nobody's way.
   */
  public static void discard(Path path) {
    try {
      fileSystem(path).delete(path, true);
    } catch (IOException e) {
      LOG.warn("{} stays, which is of no more use: {}", path, Failures.line(e));
    }
  }

  /** Whether there is a file or directory. */
  public static boolean exists(Path path) throws IOException {
    return fileSystem(path).exists(path);
  }

  /** Names in a directory, sorted; empty if there is none. */
  public static List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (FileStatus status : fileSystem(directory).listStatus(directory)) {
        names.add(status.getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }

    names.sort(null);
    return names;
  }
}
