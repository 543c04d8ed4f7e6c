package instructvideo.cache;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * A folder of the cache with one model: its files, its manifest, when it was inspected and used.
 */
record CacheEntry(Path folder) {

  private static final String FILES = "files";
  private static final String MANIFEST = "manifest.json";
  private static final String INSPECTION = "inspection.json";
  private static final String USED = "used";

  Path files() {
    return folder.resolve(FILES);
  }

  /** Completes a folder whose files are all there. */
  void complete(Manifest manifest) throws IOException {
    manifest.write(folder.resolve(MANIFEST));
    Inspection.of(manifest, files()).write(folder.resolve(INSPECTION));
  }

  /**
   * Whether it is there with all that its manifest says. Lengths are always compared; bytes if a
   * file was written to, the host was started again, or nobody has looked for a day.
   */
  boolean isWhole() throws IOException {
    Manifest manifest = Manifest.read(folder.resolve(MANIFEST));
    if (manifest == null) {
      return false;
    }

    for (CopiedFile file : manifest.files()) {
      Path path = files().resolve(file.name());
      if (!Files.isRegularFile(path) || Files.size(path) != file.bytes()) {
        return false;
      }
    }

    Inspection now = Inspection.of(manifest, files());
    Inspection last = Inspection.read(folder.resolve(INSPECTION));
    return (last != null && last.covers(now)) || inspect(manifest, now);
  }

  private boolean inspect(Manifest manifest, Inspection now) throws IOException {
    for (CopiedFile file : manifest.files()) {
      if (!Digests.sha256(files().resolve(file.name())).equals(file.sha256())) {
        return false;
      }
    }

    now.write(folder.resolve(INSPECTION));
    return true;
  }

  /** Writes down that it is used now. */
  void touch() throws IOException {
    Path used = folder.resolve(USED);
    if (!Files.exists(used)) {
      Files.createFile(used);
    }

    Files.setLastModifiedTime(used, FileTime.from(Instant.now()));
  }

  /** When it was used last; of half an entry, the beginning of time. */
  FileTime lastUse() throws IOException {
    try {
      return Files.getLastModifiedTime(folder.resolve(USED));
    } catch (NoSuchFileException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Bytes of its files, as long as they say they are; 0 if it is gone. */
  long bytes() throws IOException {
    long[] bytes = {0};
    walk(
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  /** Removes it. Who has mapped its files keeps their pages. */
  void delete() throws IOException {
    walk(
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException error)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void walk(SimpleFileVisitor<Path> visitor) throws IOException {
    try {
      Files.walkFileTree(folder, visitor);
    } catch (NoSuchFileException e) {
      return; // somebody removed it meanwhile
    }
  }
}
