package instructvideo.job.claim;

import java.io.IOException;

/** Another run works on the output, or has taken it over; nothing was damaged. */
public final class ClaimLostException extends IOException {

  private static final long serialVersionUID = 1;

  ClaimLostException(String message) {
    super(message);
  }
}
