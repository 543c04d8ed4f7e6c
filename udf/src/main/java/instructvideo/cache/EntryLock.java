package instructvideo.cache;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The locks of a cache's entry between the processes of a host, which the system frees when a
 * process ends, however it does. One byte of a file is its writer's, the next one its users'.
 *
 * <p>The system keeps these locks for a process and a file, and frees all of them when any channel
 * of that file is closed: a JVM opens each file once and keeps it open.
 */
final class EntryLock {

  private static final Map<Path, EntryLock> OPEN = new HashMap<>();
  private static final long WRITER = 0;
  private static final long USERS = 1;
  private static final long POLL_MILLIS = 50;

  private final FileChannel channel;
  private final ReentrantLock threads = new ReentrantLock(); // file locks are the process's
  private FileLock use; // guarded by threads

  private EntryLock(Path file) throws IOException {
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** The lock whose file this is, which is made if it is not there. */
  static EntryLock of(Path file) throws IOException {
    synchronized (OPEN) {
      EntryLock open = OPEN.get(file);
      if (open == null || !Files.exists(file)) {
        open = new EntryLock(file);
        OPEN.put(file, open);
      }

      return open;
    }
  }

  /** The writer's right, until it is closed. */
  final class Held implements AutoCloseable {

    private final FileLock lock;

    private Held(FileLock lock) {
      this.lock = lock;
    }

    @Override
    public void close() throws IOException {
      try {
        lock.release();
      } finally {
        threads.unlock();
      }
    }
  }

  /**
   * Becomes the writer; waits for another one.
   *
   * @param waiting is called again and again while another process has it
   */
  Held acquire(Runnable waiting) throws IOException {
    threads.lock();
    FileLock lock = null;
    try {
      for (lock = tryLock(WRITER, 1); lock == null; lock = tryLock(WRITER, 1)) {
        waiting.run();
        Thread.sleep(POLL_MILLIS);
      }

      return new Held(lock);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while it waited").initCause(e);
    } finally {
      if (lock == null) {
        threads.unlock();
      }
    }
  }

  /** Becomes the writer of what nobody writes or uses; null if somebody does. */
  Held tryAcquireUnused() throws IOException {
    if (threads.isHeldByCurrentThread() || !threads.tryLock()) {
      return null;
    }

    FileLock lock = null;
    try {
      lock = tryLock(WRITER, USERS + 1);
      return lock == null ? null : new Held(lock);
    } finally {
      if (lock == null) {
        threads.unlock();
      }
    }
  }

  /** Marks the entry as used by this process until it ends; for the writer. */
  void use() throws IOException {
    if (use == null || !use.isValid()) {
      use = channel.tryLock(USERS, 1, true);
    }
  }

  /** Never blocks: a thread that is interrupted in a blocking call loses the channel. */
  private FileLock tryLock(long from, long bytes) throws IOException {
    try {
      return channel.tryLock(from, bytes, false);
    } catch (OverlappingFileLockException e) {
      return null; // this process uses it
    }
  }
}
