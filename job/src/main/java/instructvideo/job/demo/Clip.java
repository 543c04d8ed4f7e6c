package instructvideo.job.demo;

import instructvideo.video.RgbFrame;
import java.util.ArrayList;
import java.util.List;

record Clip(int frames, int size, float[] pixels) {
  static final int CHANNELS = 3;

  int plane(int frame, int channel) {
    return (frame * CHANNELS + channel) * size * size;
  }

  List<RgbFrame> toFrames() {
    List<RgbFrame> result = new ArrayList<>();

    for (int frame = 0; frame < frames; frame++) {
      byte[] bytes = new byte[size * size * CHANNELS];

      for (int i = 0; i < bytes.length; i++) {
        float value = pixels[plane(frame, i % CHANNELS) + i / CHANNELS];
        bytes[i] = (byte) Math.round(Math.min(1.0F, Math.max(0.0F, value)) * 255.0F);
      }

      result.add(new RgbFrame(size, size, bytes));
    }

    return result;
  }

  double frameDifference() {
    int length = CHANNELS * size * size;
    double sum = 0.0;

    for (int i = length; i < pixels.length; i++) {
      sum += Math.abs(pixels[i] - pixels[i - length]);
    }

    return frames < 2 ? 0.0 : sum / (pixels.length - length);
  }
}
