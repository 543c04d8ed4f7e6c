package instructvideo.video;

import java.io.Serializable;

/**
 * Shape of the videos that a model is trained on.
 *
 * @param frames of a video
 * @param height pixels
 * @param width pixels
 * @param fps frames a second that are taken from a video
 */
public record VideoConfig(int frames, int height, int width, double fps) implements Serializable {

  public VideoConfig {
    require(frames >= 1, "video.frames must be at least 1, is %s", frames);
    require(height >= 1, "video.height must be at least 1, is %s", height);
    require(width >= 1, "video.width must be at least 1, is %s", width);
    require(fps > 0 && Double.isFinite(fps), "video.fps must be above 0, is %s", fps);
  }

  private static void require(boolean holds, String message, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(value));
    }
  }
}
