package instructvideo.job.cluster;

import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;

/** Faults of requests: some are answered with an error, some wait and then fail. */
final class RequestFaults {

  private static final Pattern NONE = Pattern.compile("(?!)");

  private static final Pattern STEPS =
      Pattern.compile("handle((Initiate|Complete|Abort)MultipartUpload|MultiBlobRemove)");

  private int[] statuses = {};
  private int every;
  private Pattern answered = NONE;
  private Pattern held = NONE;
  private long matched;
  private long seen;
  private long answeredCount;
  private long heldCount;

  /** The store behind the faults. */
  BlobStore around(BlobStore store) {
    return new FaultyStore(store, this::before);
  }

  private synchronized void before(String request) {
    seen++;
    if (held.matcher(request).find()) {
      heldCount++;
      waitWhileHeld(held);
      throw S3Exceptions.fromStatusCode(500);
    }

    if (answered.matcher(request).find() && !isHalfDone(request) && ++matched % every == 0) {
      throw S3Exceptions.fromStatusCode(statuses[(int) (answeredCount++ % statuses.length)]);
    }
  }

  /**
   * Whether S3Proxy is in the middle of what it does for an upload, where an error would leave one
   * that is listed and cannot be ended, which S3 does not have; or for the deletion of many
   * objects, where every tenth would fail each time, however often S3A asks for the same thousand.
   */
  private static boolean isHalfDone(String request) {
    return !request.contains("MultipartUpload ")
        && !request.startsWith("removeBlobs ")
        && StackWalker.getInstance()
            .walk(
                frames -> frames.anyMatch(frame -> STEPS.matcher(frame.getMethodName()).matches()));
  }

  private synchronized void waitWhileHeld(Pattern pattern) {
    try {
      while (held == pattern) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers every n-th request that has the pattern with one of these statuses, in turn. */
  synchronized void answer(int[] newStatuses, int n, String pattern) {
    statuses = newStatuses.clone();
    every = n;
    answered = Pattern.compile(pattern);
  }

  /** Lets requests that have the pattern wait until the faults are over, then fail. */
  synchronized void hold(String pattern) {
    held = Pattern.compile(pattern);
  }

  /** Ends all faults; counts begin again. */
  synchronized void heal() {
    answered = NONE;
    held = NONE;
    matched = 0;
    seen = 0;
    answeredCount = 0;
    heldCount = 0;
    notifyAll();
  }

  /** Requests since the last healing. */
  synchronized long seen() {
    return seen;
  }

  /** Of these, the ones that were answered with an error. */
  synchronized long answered() {
    return answeredCount;
  }

  /** Of these, the ones that waited or wait. */
  synchronized long held() {
    return heldCount;
  }
}
