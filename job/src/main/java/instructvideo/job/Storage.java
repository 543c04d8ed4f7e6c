package instructvideo.job;

import instructvideo.error.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/** Files behind URIs: local paths, s3a://, hdfs:// and whatever else Hadoop reads. */
public final class Storage {

  private Storage() {}

  /** Hadoop's settings, with those that Spark was given as spark.hadoop.*. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    for (Tuple2<String, String> setting : new SparkConf().getAllWithPrefix("spark.hadoop.")) {
      configuration.set(setting._1(), setting._2());
    }

    return configuration;
  }

  /** The file system of a URI. */
  public static FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(configuration());
  }

  /** The whole of a small text file. */
  public static String readText(String uri) {
    Path path = new Path(uri);
    try (InputStream in = fileSystem(path).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw new InvalidInputException("Cannot read %s: no such file".formatted(uri), e);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read %s: %s".formatted(uri, Failures.line(e)), e);
    }
  }

  /** Writes a small text file, replacing what is there. */
  public static void writeText(Path path, String text) throws IOException {
    try (OutputStream out = fileSystem(path).create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
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
