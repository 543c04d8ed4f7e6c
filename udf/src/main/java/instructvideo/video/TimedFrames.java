package instructvideo.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Chosen frames found by their time, at the average rate, of a long file without an index. */
final class TimedFrames {

  /** Seconds that are decoded as fast as a seek skips them. */
  private static final double NEAR = 1;

  /** Seconds before a frame at which decoding begins: containers may miss the key frame. */
  private static final double[] MARGINS = {0, 3, 6, 12, 60};

  private final FrameCursor cursor;
  private final double interval;
  private int margin; // the first that was enough so far

  private TimedFrames(FrameCursor cursor, double interval) {
    this.cursor = cursor;
    this.interval = interval;
  }

  /** The chosen frames, null if the file does not say how long it is or cannot seek. */
  static List<SampledFrame> read(VideoFile file, FrameChoice choice, String video)
      throws IOException, VideoException, InterruptedException {
    double fps = file.info().fps();
    double seconds = file.info().seconds();
    if (!(fps > 0 && seconds > 0)) {
      return null;
    }

    file.discardOthers();
    int count = (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.rint(seconds * fps)));
    try (FrameCursor cursor = new FrameCursor(file, null)) {
      TimedFrames frames = new TimedFrames(cursor, 1 / fps);
      if (!cursor.next()) {
        return null;
      }

      List<SampledFrame> chosen = new ArrayList<>();
      for (int number : choice.indices(count, video)) {
        if (!frames.moveTo(number / fps)) {
          return null;
        }

        if (!cursor.isWhole()) {
          throw new VideoException(
              "damaged: frame %d of about %d cannot be decoded".formatted(number, count));
        }

        chosen.add(cursor.sample(number));
      }

      return chosen;
    }
  }

  /** Moves to the frame of a time, and to none that is behind it by more than a frame. */
  private boolean moveTo(double time) throws IOException, VideoException, InterruptedException {
    if (time <= cursor.time() + NEAR) {
      return advance(time);
    }

    for (int i = margin; i < MARGINS.length; i++) {
      if (!cursor.seekTime(Math.max(0, time - MARGINS[i]))) {
        return false;
      }

      if (!advance(time)) {
        return false;
      }

      margin = i;
      if (cursor.time() < time + 1.5 * interval) {
        break;
      }
    }

    return true;
  }

  private boolean advance(double time) throws IOException, VideoException, InterruptedException {
    while (cursor.index() < 0 || cursor.time() < time - interval / 2) {
      if (!cursor.next()) {
        return false;
      }
    }

    return true;
  }
}
