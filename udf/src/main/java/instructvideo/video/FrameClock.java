package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Seconds from the first frame of a video to the one on display. */
final class FrameClock {

  private final double tick; // in seconds
  private final double fps;
  private long first = AV_NOPTS_VALUE;
  private double time;

  FrameClock(VideoFile file) {
    tick = Ffmpeg.value(file.stream().time_base());
    fps = file.info().fps();
  }

  /**
   * Shows a frame; the one shown first begins the video.
   *
   * @param earliest time of a frame before it that could not be decoded, or none
   * @param index of the frame, which counts where the file has no times
   */
  void show(AVFrame frame, long earliest, int index) {
    long shown = frame.best_effort_timestamp();
    if (first == AV_NOPTS_VALUE) {
      first = earliest == AV_NOPTS_VALUE ? shown : Math.min(shown, earliest);
    }

    if (shown != AV_NOPTS_VALUE && first != AV_NOPTS_VALUE) {
      time = (shown - first) * tick;
    } else {
      time = fps > 0 ? index / fps : index;
    }
  }

  double time() {
    return time;
  }

  /** A time in the file's own ticks. */
  long ticks(double seconds) {
    return (long) ((first == AV_NOPTS_VALUE ? 0 : first) + seconds / tick);
  }
}
