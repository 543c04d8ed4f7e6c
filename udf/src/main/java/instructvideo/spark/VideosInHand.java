package instructvideo.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the video that ends the process which decodes it, by a fault of native code or by memory
 * that is not there: else one such video would end a run over millions.
 *
 * <p>Each attempt at a chunk leaves a note that it has begun, and takes it away at its end. One
 * that finds another's note takes its videos one by one, and writes down which one it has in hand.
 * What two attempts had in hand that ended without a word is a row with an error.
 */
final class VideosInHand implements AutoCloseable {

  static final String ERROR =
      "the process that decoded it ended, twice: a fault of its decoder, or too little memory";

  private static final String NOTHING = "";
  private static final int ENDS = 2;
  private static final Logger LOG = LoggerFactory.getLogger(VideosInHand.class);

  private final FileSystem files;
  private final Path own;
  private final Map<String, Integer> left = new HashMap<>(); // by others, by what was in hand
  private String inHand = NOTHING;

  /**
   * Of the task that runs on this thread.
   *
   * @param folder of the notes of the attempts at its chunk
   */
  VideosInHand(String folder) throws IOException {
    Path path = new Path(folder);
    files = path.getFileSystem(HadoopFiles.configuration());
    own = new Path(path, "" + TaskContext.get().taskAttemptId());
    read(path);
    note(NOTHING);
  }

  private void read(Path folder) throws IOException {
    for (FileStatus attempt : list(folder)) {
      try (InputStream in = files.open(attempt.getPath())) {
        left.merge(new String(in.readAllBytes(), StandardCharsets.UTF_8), 1, Integer::sum);
      } catch (FileNotFoundException e) {
        LOG.debug("It has ended meanwhile: {}", attempt.getPath());
      }
    }
  }

  private FileStatus[] list(Path folder) throws IOException {
    try {
      return files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0]; // the first attempt
    }
  }

  /** How many videos may be on their way at the same time. */
  int ahead() {
    return left.isEmpty() ? Integer.MAX_VALUE : 1;
  }

  /** The items, of which each is in hand until the next one is asked for. */
  Iterator<ScoreItem> watch(Iterator<ScoreItem> items) {
    return left.isEmpty()
        ? items
        : new Iterator<>() {
          @Override
          public boolean hasNext() {
            return items.hasNext();
          }

          @Override
          public ScoreItem next() {
            return take(items.next());
          }
        };
  }

  private ScoreItem take(ScoreItem item) {
    if (item.problem() != null) {
      return item;
    }

    if (left.getOrDefault(item.video(), 0) >= ENDS) {
      LOG.warn("Not scored: {}: {}", item.video(), ERROR);
      return item.rejected(ERROR);
    }

    if (!item.video().equals(inHand)) {
      try {
        note(item.video());
      } catch (IOException e) {
        throw new IllegalStateException("Cannot write " + own + ": " + e.getMessage(), e);
      }
    }

    return item;
  }

  private void note(String video) throws IOException {
    try (OutputStream out = files.create(own, true)) {
      out.write(video.getBytes(StandardCharsets.UTF_8));
    }

    inHand = video;
  }

  /** The attempt has ended with a word: nothing is said against the video in hand. */
  @Override
  public void close() {
    try {
      files.delete(own, false);
    } catch (IOException e) {
      LOG.debug("The note {} stays", own, e);
    }
  }
}
