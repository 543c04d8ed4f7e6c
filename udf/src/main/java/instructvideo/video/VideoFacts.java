package instructvideo.video;

import java.io.Serializable;

/**
 * What is known of a video once its chosen frames are decoded; null for what is not known.
 *
 * @param width pixels as shown, after rotation
 * @param height pixels as shown, after rotation
 * @param frames counted, not as a header claims
 * @param seconds of the video
 * @param fps average frames a second
 * @param codec ffmpeg's name, such as h264
 */
public record VideoFacts(
    Integer width, Integer height, Integer frames, Double seconds, Double fps, String codec)
    implements Serializable {

  /** Nothing is known. */
  public static final VideoFacts UNKNOWN = new VideoFacts(null, null, null, null, null, null);
}
