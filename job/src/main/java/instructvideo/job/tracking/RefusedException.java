package instructvideo.job.tracking;

import java.io.IOException;

/** What will be refused again, however often it is tried. */
final class RefusedException extends IOException {

  private static final long serialVersionUID = 1;

  RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
