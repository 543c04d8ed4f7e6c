package instructvideo.cache;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of remote models on this host, one of each however many processes want it: the first
 * copies, the others wait. An entry appears whole, with the SHA-256 of its files; it is not removed
 * while a process that asked for it lives.
 */
public final class ModelCache {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
  private static final String DEFAULT_LIMIT = "80%";
  private static final String DEFAULT_STREAMS = "8";
  private static final long SHOW_NANOS = 5_000_000_000L;

  /** Entries that this JVM has looked at and locked. */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  private static final LongAdder COPIED_BYTES = new LongAdder();
  private static final LongAdder COPIED_NANOS = new LongAdder();

  private final CacheSpace space;
  private final int streams;

  private ModelCache(Path folder, CacheLimit limit, int streams) {
    space = new CacheSpace(folder, limit);
    this.streams = streams;
  }

  /**
   * The one that INSTRUCTVIDEO_CACHE, INSTRUCTVIDEO_CACHE_LIMIT and INSTRUCTVIDEO_CACHE_STREAMS
   * describe.
   *
   * @throws InvalidInputException if one of them says nothing that can be used
   */
  public static ModelCache ofEnvironment() throws IOException {
    return of(
        System.getenv("INSTRUCTVIDEO_CACHE"),
        System.getenv().getOrDefault("INSTRUCTVIDEO_CACHE_LIMIT", DEFAULT_LIMIT),
        System.getenv().getOrDefault("INSTRUCTVIDEO_CACHE_STREAMS", DEFAULT_STREAMS));
  }

  /**
   * One in a folder.
   *
   * @param folder null for the default; a folder that others write to gets one below it
   * @param limit such as 50G or 80%
   * @param streams ranges that are read at the same time, 1 to 64
   * @throws InvalidInputException if limit or streams are not of this form
   */
  public static ModelCache of(String folder, String limit, String streams) throws IOException {
    if (!streams.matches("[1-9]|[1-5]\\d|6[0-4]")) {
      throw InvalidInputException.of(
          "Invalid INSTRUCTVIDEO_CACHE_STREAMS: %s; must be 1 to 64", streams);
    }

    CacheLimit parsed = CacheLimit.parse(limit);
    return new ModelCache(CacheFolder.of(folder), parsed, Integer.parseInt(streams));
  }

  /**
   * The file or folder on this host.
   *
   * @throws java.io.FileNotFoundException if there is no such model
   * @throws InvalidInputException if there is no room for it
   * @throws IOException if it cannot be read, or not be written here
   */
  public Path local(org.apache.hadoop.fs.Path uri, Configuration configuration) throws IOException {
    RemoteModel model = RemoteModel.list(uri, configuration);
    String key = model.key();
    CacheEntry entry = space.entry(key);
    Path local = entry.files().resolve(model.name());
    if (IN_USE.contains(local) && Files.exists(local)) {
      return local;
    }

    EntryLock lock = space.lock(key);
    try (EntryLock.Held held = lock.acquire(new Waiting(uri, key))) {
      if (!entry.isWhole()) {
        if (Files.exists(entry.folder())) {
          LOG.warn("The copy of {} is not whole or was changed: copying it again", uri);
          space.remove(key);
        }

        copy(model, key);
      }

      lock.use();
      entry.touch();
    }

    IN_USE.add(local);
    return local;
  }

  /** Bytes that this JVM has copied. */
  public static long copiedBytes() {
    return COPIED_BYTES.sum();
  }

  /** Seconds that it took. */
  public static double copiedSeconds() {
    return COPIED_NANOS.sum() / 1e9;
  }

  /** Where it lies. */
  public Path folder() {
    return space.folder();
  }

  /**
   * What a remote model has, without copying it.
   *
   * @param files how many
   * @param held whether a copy is here
   */
  public record Facts(int files, long bytes, boolean held) {}

  /**
   * Asks the store.
   *
   * @throws java.io.FileNotFoundException if there is no such model
   */
  public Facts facts(org.apache.hadoop.fs.Path uri, Configuration configuration)
      throws IOException {
    RemoteModel model = RemoteModel.list(uri, configuration);
    boolean isHeld = Files.exists(space.entry(model.key()).folder());
    return new Facts(model.parts().size(), model.bytes(), isHeld);
  }

  private void copy(RemoteModel model, String key) throws IOException {
    String uri = model.root().toString();
    space.makeRoom(key, uri, model.bytes());
    CacheEntry temporary = space.temporary(key);
    Path progressFile = CacheSpace.progressFile(temporary.folder());
    try (CopyProgress progress = new CopyProgress(uri, model.bytes(), progressFile)) {
      ModelCopy copy = new ModelCopy(model, temporary.files(), streams, progress);
      temporary.complete(new Manifest(uri, copy.run()));
      progress.close();
      Files.deleteIfExists(progressFile);
      Files.move(temporary.folder(), space.entry(key).folder(), StandardCopyOption.ATOMIC_MOVE);
      progress.finish();
      COPIED_BYTES.add(model.bytes());
      COPIED_NANOS.add((long) (progress.seconds() * 1e9));
    } catch (IOException e) {
      if (DiskFull.isCause(e)) {
        throw space.full(uri, model.bytes());
      }

      throw e;
    } finally {
      temporary.delete(); // nothing, if all went well
    }
  }

  /** Says now and then that another process copies what this one wants. */
  private final class Waiting implements Runnable {

    private final Object what;
    private final String key;
    private long shown = System.nanoTime() - SHOW_NANOS;

    private Waiting(Object what, String key) {
      this.what = what;
      this.key = key;
    }

    @Override
    public void run() {
      if (System.nanoTime() - shown >= SHOW_NANOS) {
        shown = System.nanoTime();
        LOG.info(
            "Waiting for another process of this host that copies {} {}",
            what,
            space.progress(key));
      }
    }
  }
}
