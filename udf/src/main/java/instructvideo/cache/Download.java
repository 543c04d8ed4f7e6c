package instructvideo.cache;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.PathIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One range of a file, brought by one request, or by more if connections break. */
record Download(FileSystem files, FileCopy file, int index, CopyProgress progress)
    implements Callable<Download> {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
  private static final int ATTEMPTS = 5;
  private static final long PAUSE_MILLIS = 200; // doubled each time
  private static final int CHUNK = 1 << 18;

  /** Brings it; a request that breaks off is gone on with where it stopped. */
  @Override
  public Download call() throws IOException {
    long position = file.begin(index);
    for (int attempt = 1; position < file.end(index); attempt++) {
      Reached reached = read(position);
      position = reached.position();
      if (reached.error() != null) {
        if (attempt == ATTEMPTS || isFinal(reached.error())) {
          throw reached.error();
        }

        LOG.warn("Reading {} again: {}", file.remote().name(), reached.error().getMessage());
        pause(PAUSE_MILLIS << attempt);
      }
    }

    file.arrived(index);
    return this;
  }

  /** How far a request came, and what ended it; null at the range's end. */
  private record Reached(long position, IOException error) {}

  private Reached read(long begin) {
    long position = begin;
    long end = file.end(index);
    byte[] buffer = new byte[CHUNK];
    try (FSDataInputStream in =
        RemoteStreams.open(files, file.remote().status(), "random", end - begin)) {
      in.seek(begin);
      while (position < end) {
        int read = in.read(buffer, 0, (int) Math.min(CHUNK, end - position));
        if (read < 0) {
          throw new EOFException(
              "it ends after %d of %d bytes".formatted(position, file.remote().bytes()));
        }

        file.write(buffer, read, position);
        position += read;
        progress.add(read);
      }

      return new Reached(position, null);
    } catch (IOException e) {
      return new Reached(position, position == end ? null : e);
    }
  }

  /**
   * What another try would not change; a file that is another one meanwhile is a PathIOException.
   */
  private static boolean isFinal(IOException error) {
    return error instanceof FileNotFoundException
        || error instanceof AccessDeniedException
        || error instanceof PathIOException
        || DiskFull.isCause(error)
        || Thread.currentThread().isInterrupted();
  }

  private static void pause(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }
}
