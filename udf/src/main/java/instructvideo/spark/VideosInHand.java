package instructvideo.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the video that ends the process which decodes it, by a fault of native code or by memory
 * that is not there: else one such video would end a run over millions.
 *
 * <p>Each attempt at a chunk leaves a note that it has begun, and takes it away at its end. One
 * that finds another's note goes alone: no other attempt runs in its process, it takes its videos
 * one by one, and writes down which one it has in hand. What two such attempts had in hand that
 * ended without a word is not tried again.
 */
final class VideosInHand implements AutoCloseable {

  /** Why a video is not tried again. */
  static final String ERROR =
      "the process that decoded it ended, twice: a fault of its decoder, or too little memory";

  private static final String NOTHING = "";
  private static final int ENDS = 2;
  private static final ReadWriteLock PROCESS = new ReentrantReadWriteLock(true);
  private static final Logger LOG = LoggerFactory.getLogger(VideosInHand.class);

  private final FileSystem files;
  private final Path own;
  private final Map<String, Integer> left = new HashMap<>(); // by others, by what was in hand
  private final Lock lock;
  private String inHand = NOTHING;

  /**
   * Of an attempt that runs on this thread, which waits until it may.
   *
   * @param folder of the notes of all attempts: one folder, as S3A leaves a marker of each
   * @param chunk that it is an attempt at
   */
  VideosInHand(String folder, String chunk) throws IOException, InterruptedException {
    Path path = new Path(folder);
    files = path.getFileSystem(HadoopFiles.configuration());
    own = new Path(path, chunk + "." + UUID.randomUUID());
    read(path, chunk + ".");
    lock = isAlone() ? PROCESS.writeLock() : PROCESS.readLock();
    note(NOTHING);
    lock.lockInterruptibly();
  }

  private void read(Path folder, String prefix) throws IOException {
    for (FileStatus attempt : list(folder, prefix)) {
      try (InputStream in = files.open(attempt.getPath())) {
        left.merge(new String(in.readAllBytes(), StandardCharsets.UTF_8), 1, Integer::sum);
      } catch (FileNotFoundException e) {
        LOG.debug("It has ended meanwhile: {}", attempt.getPath());
      }
    }
  }

  private FileStatus[] list(Path folder, String prefix) throws IOException {
    try {
      return files.listStatus(folder, path -> path.getName().startsWith(prefix));
    } catch (FileNotFoundException e) {
      return new FileStatus[0]; // the first attempt
    }
  }

  /** Whether videos must be taken one by one. */
  boolean isAlone() {
    return !left.isEmpty();
  }

  /** Takes a video in hand, until the next one; false if it is not to be tried again. */
  boolean take(String video) {
    if (left.getOrDefault(video, 0) >= ENDS) {
      LOG.warn("Not tried again: {}: {}", video, ERROR);
      return false;
    }

    if (isAlone() && !video.equals(inHand)) {
      note(video);
    }

    return true;
  }

  private void note(String video) {
    try (OutputStream out = files.create(own, true)) {
      out.write(video.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + own + ": " + e.getMessage(), e);
    }

    inHand = video;
  }

  /** The attempt has ended with a word: nothing is said against the video in hand. */
  @Override
  public void close() {
    lock.unlock();
    try {
      files.delete(own, false);
    } catch (IOException e) {
      LOG.debug("The note {} stays", own, e);
    }
  }
}
