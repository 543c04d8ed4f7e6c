package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Files behind any URI that Hadoop reads, on the driver and on executors. Weights are mapped into
 * memory, so a remote model is copied once to each host.
 */
public final class HadoopFiles {

  private static final Logger LOG = LoggerFactory.getLogger(HadoopFiles.class);
  private static final String CACHE = "INSTRUCTVIDEO_CACHE";

  private HadoopFiles() {}

  /** Made again only for other settings: it takes ten milliseconds, and every file asks for it. */
  private static Cached cached = new Cached(null, null);

  private record Cached(Map<String, String> settings, Configuration configuration) {}

  /** Hadoop's settings with those that Spark was given as spark.hadoop.*; not to be changed. */
  public static synchronized Configuration configuration() {
    SparkEnv env = SparkEnv.get();
    SparkConf conf = env == null ? new SparkConf() : env.conf();
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : conf.getAll()) {
      settings.put(setting._1(), setting._2());
    }

    if (!settings.equals(cached.settings)) {
      cached = new Cached(settings, SparkHadoopUtil.get().newConfiguration(conf));
    }

    return cached.configuration;
  }

  /** Whether a URI names a file of this machine. */
  public static boolean isLocal(String uri) {
    return uri.startsWith("file:") || !uri.matches("^[A-Za-z][A-Za-z0-9+.-]*://.*");
  }

  /**
   * The file or directory on this host; a remote one is copied first, unless an earlier copy of the
   * same sizes and times is there. Copies lie in INSTRUCTVIDEO_CACHE, by default in the folder for
   * temporary files.
   *
   * @throws InvalidInputException if a remote one cannot be read
   */
  public static Path local(String uri) {
    if (isLocal(uri)) {
      return Path.of(
          uri.startsWith("file:") ? new org.apache.hadoop.fs.Path(uri).toUri().getPath() : uri);
    }

    try {
      return copied(new org.apache.hadoop.fs.Path(uri));
    } catch (FileNotFoundException e) {
      throw new InvalidInputException(
          "Cannot read %s: no such file or directory".formatted(uri), e);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read %s: %s".formatted(uri, e.getMessage()), e);
    }
  }

  private static synchronized Path copied(org.apache.hadoop.fs.Path remote) throws IOException {
    FileSystem files = remote.getFileSystem(configuration());
    List<FileStatus> found = tree(files, files.getFileStatus(remote));
    Path target = cache().resolve(key(found)).resolve(remote.getName());
    if (Files.exists(target)) {
      return target;
    }

    long bytes = found.stream().mapToLong(FileStatus::getLen).sum();
    LOG.info("Copying {} ({} MB)", remote, bytes >> 20);
    Path temporary = cache().resolve("." + UUID.randomUUID());
    Files.createDirectories(temporary);
    String root = files.makeQualified(remote).toUri().getPath();
    for (FileStatus file : found) {
      String relative = file.getPath().toUri().getPath().substring(root.length());
      Path copy = temporary.resolve(remote.getName() + relative);
      Files.createDirectories(copy.getParent());
      try (InputStream in = files.open(file.getPath())) {
        Files.copy(in, copy);
      }
    }

    publish(temporary, target.getParent());
    return target;
  }

  /** Another process of this host may have been faster: then its copy serves. */
  private static void publish(Path temporary, Path target) throws IOException {
    try {
      Files.move(temporary, target);
    } catch (IOException e) {
      FileUtil.fullyDelete(temporary.toFile());
      if (!Files.exists(target)) {
        throw e;
      }
    }
  }

  private static List<FileStatus> tree(FileSystem files, FileStatus status) throws IOException {
    if (!status.isDirectory()) {
      return List.of(status);
    }

    List<FileStatus> found = new ArrayList<>();
    for (FileStatus entry : files.listStatus(status.getPath())) {
      found.addAll(tree(files, entry));
    }

    return found;
  }

  private static String key(List<FileStatus> found) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (FileStatus file : found) {
        String line = file.getPath() + " " + file.getLen() + " " + file.getModificationTime();
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
      }

      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Nobody else may write to it: what lies there is loaded without another check. */
  private static Path cache() throws IOException {
    String given = System.getenv(CACHE);
    Path cache =
        given == null
            ? Path.of(
                System.getProperty("java.io.tmpdir"),
                "instructvideo-" + System.getProperty("user.name"))
            : Path.of(given);
    if (!Files.exists(cache)) {
      Files.createDirectories(
          cache,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    return cache;
  }
}
