package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** HPSv2, PickScore, CLIPScore: the cosine of a picture's and its prompt's feature. */
final class ClipImageReward implements ImageReward, ImageTower {

  private final String name;
  private final ClipReward clip;
  private final PromptFeatures prompts;

  ClipImageReward(String name, ClipReward clip, PromptFeatures prompts) {
    this.name = name;
    this.clip = clip;
    this.prompts = prompts;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ClipReward clip() {
    return clip;
  }

  @Override
  public boolean needsPrompt() {
    return true;
  }

  @Override
  public boolean isConcurrent() {
    return true;
  }

  @Override
  public float[] score(FrameBatch batch) {
    if (batch.prompts().contains(null)) {
      throw new IllegalArgumentException("Invalid batch: reward %s needs a prompt".formatted(name));
    }

    NDArray image = batch.imageFeatures(clip);
    try (NDManager scope = batch.manager().newSubManager()) {
      NDArray text = prompts.of(scope, batch.prompts());
      return text.mul(image).sum(new int[] {1}).toFloatArray();
    }
  }

  @Override
  public void close() {
    prompts.close();
  }
}
