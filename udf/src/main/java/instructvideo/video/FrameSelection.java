package instructvideo.video;

import java.util.Locale;

/**
 * Which frames of a video make a clip: from its first frame on, {@code fps} a second. Frame i of
 * the clip is the one that is on display at i / fps seconds, so that streams of any or of a varying
 * frame rate are sampled by time.
 *
 * @param frames of the clip
 * @param fps frames a second of the clip
 */
public record FrameSelection(int frames, double fps) {

  public FrameSelection {
    if (frames < 1 || !(fps > 0) || !Double.isFinite(fps)) {
      throw new IllegalArgumentException(
          "Invalid selection: %d frames at %s a second".formatted(frames, fps));
    }
  }

  /** Seconds from the first frame of the video to frame i of the clip. */
  double time(int i) {
    return i / fps;
  }

  /**
   * Checks that a video is not too short: it may miss less than one frame of the clip, and then its
   * last frame is shown until the end.
   *
   * @param seconds of the video
   * @param tolerance of times in the file
   * @param damage why decoding ended early, empty if it did not
   */
  void check(double seconds, double tolerance, String damage) throws VideoException {
    if (time(frames - 1) >= seconds + tolerance) {
      throw new VideoException(
          String.format(
              Locale.ROOT,
              "too short: %.2f s%s, %d frames at %s a second need %.2f s",
              seconds,
              damage.isEmpty() ? "" : " can be decoded (then: " + damage + ")",
              frames,
              fps == Math.rint(fps) ? Long.toString((long) fps) : Double.toString(fps),
              frames / fps));
    }
  }
}
