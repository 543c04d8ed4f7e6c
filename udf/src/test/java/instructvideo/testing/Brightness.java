package instructvideo.testing;

import ai.djl.ndarray.NDManager;
import instructvideo.reward.FrameBatch;
import instructvideo.reward.ImageReward;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A reward as a user writes it: the mean of all numbers of a picture, times one from a file. */
public final class Brightness implements ImageReward {

  private float factor = 1;

  @Override
  public String name() {
    return "brightness";
  }

  @Override
  public boolean needsPrompt() {
    return false;
  }

  @Override
  public void load(NDManager manager, Path weights) throws IOException {
    if (weights != null) {
      factor = Float.parseFloat(Files.readString(weights).strip());
    }
  }

  @Override
  public float[] score(FrameBatch batch) {
    float[] scores = new float[batch.size()];
    for (int i = 0; i < scores.length; i++) {
      RgbFrame frame = batch.frames().get(i);
      long sum = 0;
      for (byte value : frame.pixels()) {
        sum += value & 0xff;
      }

      scores[i] = factor * sum / (255f * frame.pixels().length);
    }

    return scores;
  }
}
