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

  /** Square frames of one size. */
  static Clip of(List<RgbFrame> pictures) {
    int size = pictures.get(0).width();
    Clip clip =
        new Clip(pictures.size(), size, new float[pictures.size() * CHANNELS * size * size]);
    for (int frame = 0; frame < clip.frames; frame++) {
      byte[] bytes = pictures.get(frame).pixels();
      for (int i = 0; i < bytes.length; i++) {
        clip.pixels[clip.plane(frame, i % CHANNELS) + i / CHANNELS] = (bytes[i] & 0xff) / 255F;
      }
    }
    return clip;
  }

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
}
