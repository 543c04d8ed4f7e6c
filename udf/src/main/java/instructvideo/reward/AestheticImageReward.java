package instructvideo.reward;

import instructvideo.nn.BlockRunner;

/** LAION's aesthetic score of pictures, whatever their prompts. */
record AestheticImageReward(String name, AestheticReward reward)
    implements ImageReward, ImageTower {

  @Override
  public ClipReward clip() {
    return reward.clip();
  }

  @Override
  public boolean needsPrompt() {
    return false;
  }

  @Override
  public boolean isConcurrent() {
    return true;
  }

  @Override
  public float[] score(FrameBatch batch) {
    return BlockRunner.FREEING
        .run(in -> reward.head().forward(in.head()), batch.imageFeatures(reward.clip()))
        .toFloatArray();
  }
}
