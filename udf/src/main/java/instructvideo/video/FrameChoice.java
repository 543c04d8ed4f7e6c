package instructvideo.video;

import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import java.io.Serializable;
import java.util.stream.IntStream;

/** Which frames of a video are scored; frames are counted from 0 in order of display. */
public sealed interface FrameChoice extends Serializable {

  /** Whether the number of frames has to be known before the first is chosen. */
  boolean needsCount();

  /**
   * The chosen frames of a video, ascending, each once.
   *
   * @param frames of the video, at least 1
   * @param video its name, of which random choices are a function
   */
  int[] indices(int frames, String video);

  /** Whether a frame is chosen, of choices that do not need the count. */
  default boolean contains(int index) {
    throw new IllegalStateException(this + " needs the number of frames");
  }

  /** The middle of each of as many equal spans: floor((s + 1/2) n / S). */
  record Middle(int segments) implements FrameChoice {
    public Middle {
      checkSegments(segments);
    }

    @Override
    public boolean needsCount() {
      return true;
    }

    @Override
    public int[] indices(int frames, String video) {
      return IntStream.range(0, segments)
          .map(s -> (int) ((2L * s + 1) * frames / (2L * segments)))
          .distinct()
          .toArray();
    }
  }

  /** The first of each span of floor(n / S) frames: the paper's evaluation protocol. */
  record First(int segments) implements FrameChoice {
    public First {
      checkSegments(segments);
    }

    @Override
    public boolean needsCount() {
      return true;
    }

    @Override
    public int[] indices(int frames, String video) {
      int span = Math.max(1, frames / segments);
      return IntStream.range(0, Math.min(segments, frames)).map(s -> s * span).toArray();
    }
  }

  /** One drawn from each span of floor(n / S) frames, as in training. */
  record Random(int segments, long seed) implements FrameChoice {
    public Random {
      checkSegments(segments);
    }

    @Override
    public boolean needsCount() {
      return true;
    }

    @Override
    public int[] indices(int frames, String video) {
      CounterRandom random = CounterRandom.of(seed, 0, video, 0, Purpose.FRAME_INDICES);
      int span = Math.max(1, frames / segments);
      return IntStream.range(0, Math.min(segments, frames))
          .map(s -> s * span + random.nextInt(span))
          .toArray();
    }
  }

  /** Every n-th from the first on; all of them for 1. */
  record Every(int step) implements FrameChoice {
    public Every {
      if (step < 1) {
        throw new IllegalArgumentException("score.every must be at least 1, is " + step);
      }
    }

    @Override
    public boolean needsCount() {
      return false;
    }

    @Override
    public boolean contains(int index) {
      return index % step == 0;
    }

    @Override
    public int[] indices(int frames, String video) {
      return IntStream.range(0, frames).filter(this::contains).toArray();
    }
  }

  /** One frame, for a picture of the video; the last where the video is shorter. */
  record At(int index) implements FrameChoice {
    public At {
      if (index < 0) {
        throw new IllegalArgumentException("Invalid frame: " + index + ", must not be negative");
      }
    }

    @Override
    public boolean needsCount() {
      return true;
    }

    @Override
    public int[] indices(int frames, String video) {
      return new int[] {Math.min(index, frames - 1)};
    }
  }

  private static void checkSegments(int segments) {
    if (segments < 1) {
      throw new IllegalArgumentException("reward.segments must be at least 1, is " + segments);
    }
  }
}
