package instructvideo.job;

import instructvideo.reward.FrameBatch;
import instructvideo.reward.ImageReward;

/** A reward that ends its process at pictures of an odd width, as a fault of native code does. */
public final class DeadlyReward implements ImageReward {

  @Override
  public String name() {
    return "deadly";
  }

  @Override
  public boolean needsPrompt() {
    return false;
  }

  @Override
  public float[] score(FrameBatch batch) {
    float[] scores = new float[batch.size()];
    for (int i = 0; i < scores.length; i++) {
      if (batch.frames().get(i).width() % 2 == 1) {
        Runtime.getRuntime().halt(134); // as SIGABRT does
      }

      scores[i] = batch.frames().get(i).width();
    }

    return scores;
  }
}
