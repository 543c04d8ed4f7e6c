package instructvideo.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * Puts a file in its place in one step, over an older one of that name too: readers see the old one
 * or the new one.
 */
public final class AtomicFile {

  /** Object stores: what is written appears when it is closed, and renaming would copy it. */
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn");

  private AtomicFile() {}

  /**
   * Publishes a local file.
   *
   * @param staging directory on the target's store, out of readers' sight
   */
  public static void publish(java.nio.file.Path local, String target, String staging)
      throws IOException {
    if (HadoopFiles.isLocal(target)) {
      publishLocally(local, HadoopFiles.local(target), HadoopFiles.local(staging));
      return;
    }

    Path path = new Path(target);
    Configuration configuration = HadoopFiles.configuration();
    FileSystem files = path.getFileSystem(configuration);
    if (OBJECT_STORES.contains(files.getUri().getScheme())) {
      upload(local, files, path);
      return;
    }

    Path temporary = new Path(staging, UUID.randomUUID().toString());
    upload(local, files, temporary);
    files.mkdirs(path.getParent());
    FileContext.getFileContext(path.toUri(), configuration)
        .rename(temporary, path, Rename.OVERWRITE);
  }

  /**
   * Publishes bytes; see {@link #publish(java.nio.file.Path, String, String)}. Others may read the
   * file as the user's mask has it: a temporary file would be its owner's alone.
   */
  public static void publish(byte[] bytes, String target, String staging) throws IOException {
    java.nio.file.Path folder = Files.createTempDirectory("instructvideo");
    java.nio.file.Path local = folder.resolve("file");
    try {
      Files.write(local, bytes);
      publish(local, target, staging);
    } finally {
      Files.deleteIfExists(local);
      Files.delete(folder);
    }
  }

  /** By a call that knows the length: a stream that breaks off would publish what it has. */
  private static void upload(java.nio.file.Path local, FileSystem files, Path target)
      throws IOException {
    files.copyFromLocalFile(false, true, new Path(local.toUri()), target);
  }

  private static void publishLocally(
      java.nio.file.Path local, java.nio.file.Path target, java.nio.file.Path staging)
      throws IOException {
    Files.createDirectories(staging);
    Files.createDirectories(target.toAbsolutePath().getParent());
    java.nio.file.Path temporary = staging.resolve(UUID.randomUUID().toString());
    Files.copy(local, temporary);
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
