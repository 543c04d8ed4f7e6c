package instructvideo.spark;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Scaled latents of a video.
 *
 * @param values row-major
 * @param shape 4, f, h, w
 */
record Latents(float[] values, long[] shape) {

  /** Puts frames of (4, h, w) behind one another in the second dimension. */
  static Latents ofFrames(List<float[]> frames, Shape frame) {
    int channels = Math.toIntExact(frame.get(0));
    int pixels = Math.toIntExact(frame.get(1) * frame.get(2));
    float[] values = new float[frames.size() * channels * pixels];
    for (int f = 0; f < frames.size(); f++) {
      for (int c = 0; c < channels; c++) {
        int at = (c * frames.size() + f) * pixels;
        System.arraycopy(frames.get(f), c * pixels, values, at, pixels);
      }
    }

    long[] shape = {channels, frames.size(), frame.get(1), frame.get(2)};
    return new Latents(values, shape);
  }

  boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }

    return true;
  }
}
