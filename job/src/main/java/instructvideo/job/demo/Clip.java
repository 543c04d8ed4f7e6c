package instructvideo.job.demo;

import instructvideo.video.RgbFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * A square clip.
 *
 * @param size pixels along each side
 * @param pixels (frames, 3, size, size), red, green and blue in [0, 1]
 */
record Clip(int frames, int size, float[] pixels) {

  static final int CHANNELS = 3;

  /** Where a channel of a frame begins in {@link #pixels}. */
  int plane(int frame, int channel) {
    return (frame * CHANNELS + channel) * size * size;
  }

  /** The frames in eight bits; values outside [0, 1] are clipped. */
  List<RgbFrame> toFrames() {
    List<RgbFrame> result = new ArrayList<>();
    for (int frame = 0; frame < frames; frame++) {
      byte[] bytes = new byte[size * size * CHANNELS];
      for (int i = 0; i < bytes.length; i++) {
        float value = pixels[plane(frame, i % CHANNELS) + i / CHANNELS];
        bytes[i] = (byte) Math.round(Math.min(1, Math.max(0, value)) * 255);
      }
      result.add(new RgbFrame(size, size, bytes));
    }
    return result;
  }

  /** How much moves: the mean absolute difference of neighbouring frames, 0 for a single frame. */
  double frameDifference() {
    if (frames < 2) {
      return 0;
    }
    int length = CHANNELS * size * size;
    double sum = 0;
    for (int i = length; i < pixels.length; i++) {
      sum += Math.abs(pixels[i] - pixels[i - length]);
    }
    return sum / (pixels.length - length);
  }
}
