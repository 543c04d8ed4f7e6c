package instructvideo.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes that are made again where S3 made them and its answer was lost. The client then asks for
 * the end of an upload a second time, is told that there is no such upload, and gives up: the
 * commit of a table with one file fails as that of a whole table does.
 */
public final class LostAnswers {

  private static final int ATTEMPTS = 4;
  private static final String LOST = "NoSuchUpload";
  private static final Logger LOG = LoggerFactory.getLogger(LostAnswers.class);

  private LostAnswers() {}

  /**
   * A write.
   *
   * @param <E> what it throws
   */
  public interface Write<E extends Exception> {

    /** Writes, in place of what an earlier attempt has left. */
    void run() throws E;
  }

  /**
   * Writes, four times at most.
   *
   * @param what it is, for the log
   */
  public static <E extends Exception> void retry(Object what, Write<E> write) throws E {
    for (int attempt = 1; ; attempt++) {
      try {
        write.run();
        return;
      } catch (Exception e) { // checked ones of Spark, too, which it does not declare
        if (attempt == ATTEMPTS || !isLost(e)) {
          throw e;
        }

        LOG.warn("The store's answer to a commit of {} was lost: writing it again", what);
      }
    }
  }

  private static boolean isLost(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(LOST)) {
        return true;
      }
    }

    return false;
  }
}
