package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import instructvideo.autograd.Gradients;
import instructvideo.nn.BlockRunner;
import instructvideo.vae.AutoencoderKL;

/**
 * SegVR and TAR: loss = mean over videos of 1 - mean over segments of weight * score. The loss is a
 * sum over frames, so that each frame is decoded, scored and back-propagated alone.
 *
 * @param gradientScale factor of all gradients, above 1 to keep small ones in float16's range; see
 *     {@link instructvideo.nn.Precision}
 */
public record VideoReward(
    AutoencoderKL vae, FrameReward reward, TemporalAttenuation attenuation, double gradientScale) {

  /** With gradients as they are: for float32. */
  public VideoReward(AutoencoderKL vae, FrameReward reward, TemporalAttenuation attenuation) {
    this(vae, reward, attenuation, 1);
  }

  /**
   * The parts of the loss and its gradient.
   *
   * @param frameScores the reward of each video and segment: of CLIP models a cosine
   * @param scores of each video: the mean over segments of weight * frameScore
   * @param latentsGradient (b, 4, f, h, w)
   */
  public record Evaluation(float[][] frameScores, double[] scores, NDArray latentsGradient) {

    /** Whether a video's frames and their gradients are all numbers. */
    public boolean isFinite(int video) {
      try (NDArray gradient = latentsGradient.get(video);
          NDArray size = gradient.abs();
          NDArray largest = size.max()) {
        return Double.isFinite(scores[video]) && Float.isFinite(largest.getFloat());
      }
    }
  }

  /**
   * Decodes, scores and back-propagates the chosen frames, one at a time.
   *
   * @param latents (b, 4, f, h, w)
   * @param textFeatures as the reward takes them, (b, d)
   * @param frameIndices of each video, one from each segment
   * @param numVideos that the loss is a mean of: b, or more if they come in several passes
   */
  public Evaluation evaluate(
      NDArray latents, NDArray textFeatures, int[][] frameIndices, int numVideos) {
    int segments = frameIndices[0].length;
    int numFrames = (int) latents.getShape().get(2);
    float[][] frameScores = new float[frameIndices.length][segments];
    double[] scores = new double[frameIndices.length];
    NDArray latentsGradient = latents.zerosLike();
    for (int video = 0; video < frameIndices.length; video++) {
      for (int segment = 0; segment < segments; segment++) {
        int frame = frameIndices[video][segment];
        double weight = attenuation.weight(frame, numFrames) / segments;
        NDArray text = textFeatures.get(new NDIndex(video + ":" + (video + 1))); // (1, d)
        NDIndex at = new NDIndex(video + ", :, " + frame);
        float score =
            score(latents, at, text, -weight / numVideos * gradientScale, latentsGradient);
        frameScores[video][segment] = score;
        scores[video] += weight * score;
      }
    }

    return new Evaluation(frameScores, scores, latentsGradient);
  }

  /**
   * The mean reward of each video's chosen frames, without TAR's weights and without gradients.
   *
   * @param latents (b, 4, f, h, w)
   * @param textFeatures as the reward takes them, (b, d)
   * @param frameIndices of each video, one from each segment
   */
  public double[] rewards(NDArray latents, NDArray textFeatures, int[][] frameIndices) {
    double[] rewards = new double[frameIndices.length];
    for (int video = 0; video < rewards.length; video++) {
      for (int frameIndex : frameIndices[video]) {
        try (NDManager scope = latents.getManager().newSubManager()) {
          NDArray text = textFeatures.get(new NDIndex(video + ":" + (video + 1))); // (1, d)
          NDArray frame = latents.get(new NDIndex(video + ", :, " + frameIndex)).expandDims(0);
          text.attach(scope);
          frame.attach(scope);
          NDArray image = vae.decode(frame, BlockRunner.FREEING);
          float score = reward.score(image, text, BlockRunner.FREEING).getFloat(0);
          rewards[video] += (double) score / frameIndices[video].length;
        }
      }
    }

    return rewards;
  }

  /** Of one frame; {@code weight} times its gradient is put into {@code latentsGradient}. */
  private float score(
      NDArray latents, NDIndex at, NDArray text, double weight, NDArray latentsGradient) {
    try (NDManager scope = latents.getManager().newSubManager()) {
      NDArray frame = latents.get(at).expandDims(0); // (1, 4, h, w)
      frame.attach(scope);
      text.attach(scope);
      Gradients.Result result =
          Gradients.of(
              x -> reward.score(vae.decode(x, BlockRunner.DIRECT), text, BlockRunner.DIRECT),
              frame,
              scope.full(new Shape(1), (float) weight));
      latentsGradient.set(at, result.inputGradients()[0].squeeze(0));
      return result.value().getFloat(0);
    }
  }
}
