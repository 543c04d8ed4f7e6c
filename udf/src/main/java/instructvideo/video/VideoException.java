package instructvideo.video;

/** A video that cannot be read or written; the message is the reason in a few words. */
public final class VideoException extends Exception {

  private static final long serialVersionUID = 1;

  public VideoException(String reason) {
    super(reason);
  }

  public VideoException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
