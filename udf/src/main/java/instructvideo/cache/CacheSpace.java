package instructvideo.cache;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of a cache: its entries, what killed copies left, and room for more. */
record CacheSpace(Path folder, CacheLimit limit) {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
  private static final String LOCKS = "locks";
  private static final String KEY = "[0-9a-f]{32}";
  private static final String TEMPORARY = "\\." + KEY + "\\..*";
  private static final String ALL = "all"; // lock of who makes room

  CacheEntry entry(String key) {
    return new CacheEntry(folder.resolve(key));
  }

  EntryLock lock(String key) throws IOException {
    Path locks = folder.resolve(LOCKS);
    Files.createDirectories(locks);
    return EntryLock.of(locks.resolve(key));
  }

  /** A new place for an entry that is being made; its writer has the key's lock. */
  CacheEntry temporary(String key) throws IOException {
    return new CacheEntry(Files.createTempDirectory(folder, "." + key + "."));
  }

  /** What the process says that copies a model, or nothing. */
  String progress(String key) {
    try (Stream<Path> all = Files.list(folder)) {
      Path file =
          all.filter(path -> path.getFileName().toString().startsWith("." + key))
              .map(CacheSpace::progressFile)
              .filter(Files::exists)
              .findFirst()
              .orElse(null);
      return file == null ? "" : Files.readString(file);
    } catch (IOException e) {
      return ""; // it has just ended
    }
  }

  static Path progressFile(Path temporary) {
    return temporary.resolve("progress");
  }

  /**
   * Removes what killed copies left and, if there is not enough room, what was used longest ago.
   *
   * @param key of the model that is to be copied, whose lock the caller has
   * @param uri for the message
   * @throws InvalidInputException if there is not enough room even so
   */
  void makeRoom(String key, String uri, long bytes) throws IOException {
    try (EntryLock.Held held = lock(ALL).acquire(() -> {})) {
      removeRemains(key);
      List<CacheEntry> entries = entries();
      long used = 0;
      for (CacheEntry entry : all(KEY + "|" + TEMPORARY)) {
        used += entry.bytes();
      }

      long most = limit.of(free(), used);
      for (CacheEntry entry : entries) {
        if (used + bytes <= most && bytes <= free()) {
          break;
        }

        used -= removeUnused(entry, key);
      }

      check(uri, bytes, used, most);
    }
  }

  private void check(String uri, long bytes, long used, long most) throws IOException {
    if (bytes > free()) {
      throw full(uri, bytes);
    }

    if (used + bytes > most) {
      throw InvalidInputException.of(
          "Cannot copy %s to %s: it has %d MB, and INSTRUCTVIDEO_CACHE_LIMIT (%s) leaves %d of %d MB,"
              + " the others are in use; raise it, or give INSTRUCTVIDEO_CACHE on a larger disk",
          uri, folder, up(bytes), limit.text(), Math.max(0, most - used) >> 20, most >> 20);
    }
  }

  /** That the disk has no room. */
  InvalidInputException full(String uri, long bytes) throws IOException {
    return InvalidInputException.of(
        "Cannot copy %s to %s: the disk has %d MB free, %d MB are needed; give INSTRUCTVIDEO_CACHE on a"
            + " larger disk",
        uri, folder, free() >> 20, up(bytes));
  }

  private static long up(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  private long free() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  private void removeRemains(String key) throws IOException {
    for (CacheEntry remains : all(TEMPORARY)) {
      String owner = remains.folder().getFileName().toString().substring(1, key.length() + 1);
      if (owner.equals(key)) {
        remains.delete();
        continue;
      }

      try (EntryLock.Held unused = lock(owner).tryAcquireUnused()) {
        if (unused != null) {
          remains.delete();
        }
      }
    }
  }

  private long removeUnused(CacheEntry entry, String key) throws IOException {
    String name = entry.folder().getFileName().toString();
    if (name.equals(key)) {
      return 0;
    }

    try (EntryLock.Held unused = lock(name).tryAcquireUnused()) {
      if (unused == null) {
        return 0;
      }

      long bytes = entry.bytes();
      LOG.info("Removing {} from the models' cache: used least recently ({} MB)", name, up(bytes));
      remove(name);
      return bytes;
    }
  }

  /** In one step for others; its writer has the key's lock. */
  void remove(String key) throws IOException {
    if (Files.exists(entry(key).folder())) {
      CacheEntry grave = temporary(key);
      Files.move(entry(key).folder(), grave.folder().resolve("removed"));
      grave.delete();
    }
  }

  /** Whole entries, those used longest ago first. */
  private List<CacheEntry> entries() throws IOException {
    record Dated(CacheEntry entry, FileTime time) {}
    List<Dated> dated = new ArrayList<>();
    for (CacheEntry entry : all(KEY)) {
      dated.add(new Dated(entry, entry.lastUse()));
    }

    dated.sort(Comparator.comparing(Dated::time));
    return dated.stream().map(Dated::entry).toList();
  }

  private List<CacheEntry> all(String names) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .filter(path -> path.getFileName().toString().matches(names))
          .map(CacheEntry::new)
          .toList();
    }
  }
}
