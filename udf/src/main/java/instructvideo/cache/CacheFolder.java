package instructvideo.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where copies lie: nobody else may write there, for what is there is loaded. */
final class CacheFolder {

  private static final Path SELF = Path.of("/proc/self");

  private CacheFolder() {}

  /**
   * The folder for this user, which is made if it is not there.
   *
   * @param given INSTRUCTVIDEO_CACHE, or null
   * @throws IOException if it belongs to somebody else
   */
  static Path of(String given) throws IOException {
    String name = "instructvideo-" + System.getProperty("user.name");
    Path folder = given == null ? temporary().resolve(name) : Path.of(given);
    if (given != null && Files.isDirectory(folder) && !isPrivate(folder)) {
      folder = folder.resolve(name); // a disk for all, such as a volume of Kubernetes
    }

    if (!Files.exists(folder)) {
      if (folder.toAbsolutePath().getParent() != null) {
        Files.createDirectories(folder.toAbsolutePath().getParent());
      }

      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    if (!isPrivate(folder)) {
      throw new IOException(
          "the folder %s for copies of models belongs to another user or others may write to it;"
                  .formatted(folder)
              + " give INSTRUCTVIDEO_CACHE another one");
    }

    return folder.toRealPath();
  }

  /** YARN gives each container a temporary folder of its own; this one serves all of a host. */
  private static Path temporary() {
    return Path.of(
        System.getenv("CONTAINER_ID") == null ? System.getProperty("java.io.tmpdir") : "/tmp");
  }

  private static boolean isPrivate(Path folder) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
    boolean isShared =
        rights.contains(PosixFilePermission.GROUP_WRITE)
            || rights.contains(PosixFilePermission.OTHERS_WRITE);
    return !isShared
        && (!Files.exists(SELF) || Files.getOwner(folder).equals(Files.getOwner(SELF)));
  }
}
