package instructvideo.job.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import instructvideo.diffusion.DdimScheduler;
import instructvideo.diffusion.PartialChain;
import instructvideo.lora.LoraAdapter;
import instructvideo.nn.BlockRunner;
import instructvideo.optim.Optimizer;
import instructvideo.reward.ClipReward;
import instructvideo.reward.VideoReward;
import instructvideo.train.Sample;
import instructvideo.train.StepResult;
import instructvideo.train.TrainStep;
import instructvideo.vae.AutoencoderKL;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every tensor of a case's expected.safetensors, computed from its inputs by the classes that
 * prepare and train: each stage from the stage before.
 */
public final class ReferenceStep {

  private final ReferenceModels models;
  private final NDManager manager;
  private final Map<String, NDArray> inputs;
  private final Consumer<String> progress;
  private final Map<String, NDArray> tensors = new LinkedHashMap<>(); // in order of computation

  /**
   * A step of a case.
   *
   * @param progress is told what is done next
   */
  ReferenceStep(ReferenceModels models, NDManager manager, Consumer<String> progress)
      throws IOException {
    this.models = models;
    this.manager = manager;
    this.progress = progress;
    inputs = models.golden().inputs(manager);
  }

  /** The tensors by name, in the order of make_case.py. */
  Map<String, NDArray> run() throws IOException {
    progress.accept("encoding prompts and frames");
    ReferenceEncodings encodings = ReferenceEncodings.of(models, manager, inputs.get("pixels"));
    tensors.put("tokenizer.input_ids", encodings.inputIds());
    tensors.put("tokenizer.reward_ids", encodings.rewardIds());
    tensors.put("text_encoder.prompt_embeds", encodings.promptEmbeds());
    tensors.put("vae.latents", encodings.latents());
    LoraAdapter adapter = models.golden().adapter(inputs);
    ClipReward reward = models.reward(manager);
    TrainStep trainStep = models.trainStep(manager, adapter, reward);
    Sample sample =
        new Sample(
            encodings.latents(),
            inputs.get("noise"),
            encodings.promptEmbeds(),
            encodings.textFeatures(),
            models.golden().frameIndices(inputs));
    firstStep(trainStep.chain(), sample);
    StepResult result = trainStep.run(sample, adapter);
    tensors.put("ddim.chain", result.chain());
    frames(trainStep.reward().vae(), reward, sample, result.chain().get(-1));
    rewards(trainStep.reward(), sample, result);
    result.gradients().forEach((name, gradient) -> tensors.put("grad." + name, gradient));
    adamW(adapter, result);
    return tensors;
  }

  private void firstStep(PartialChain chain, Sample sample) {
    DdimScheduler scheduler = chain.scheduler();
    int[] timesteps = scheduler.timesteps(chain.config().startingPartial());
    tensors.put(
        "ddim.timesteps", manager.create(Arrays.stream(timesteps).asLongStream().toArray()));
    NDArray noised = scheduler.schedule().addNoise(sample.latents(), sample.noise(), timesteps[0]);
    tensors.put("ddim.noised", noised);
    progress.accept(
        "one training step: %d denoising steps, the last %d with gradient"
            .formatted(timesteps.length, chain.config().gradSteps()));
    try (NDManager scope = manager.newSubManager()) {
      NDList in = BlockRunner.aliases(scope, noised, sample.promptEmbeds());
      NDArray eps = chain.guidedEps(in.get(0), timesteps[0], in.get(1), BlockRunner.FREEING);
      eps.attach(manager);
      tensors.put("unet.eps_first", eps);
    }
  }

  private void frames(AutoencoderKL vae, ClipReward reward, Sample sample, NDArray latents) {
    progress.accept("decoding the chosen frames");
    NDList frames = new NDList();
    NDList features = new NDList();
    for (int video = 0; video < sample.size(); video++) {
      for (int index : sample.frameIndices()[video]) {
        NDArray chosen =
            latents.get(new NDIndex("%d:%d, :, %d".formatted(video, video + 1, index)));
        NDArray frame =
            BlockRunner.FREEING.run(in -> vae.decode(in.head(), BlockRunner.FREEING), chosen);
        frames.add(frame);
        features.add(
            BlockRunner.FREEING.run(
                in -> reward.imageFeatures(in.head(), BlockRunner.FREEING), frame));
      }
    }

    tensors.put("vae.frames", perVideo(frames, sample));
    tensors.put("reward.image_features", perVideo(features, sample));
  }

  private void rewards(VideoReward reward, Sample sample, StepResult result) {
    int[][] indices = sample.frameIndices();
    float[][] tar = new float[indices.length][indices[0].length];
    float[] scores = new float[indices.length];
    for (int video = 0; video < indices.length; video++) {
      scores[video] = (float) result.scores()[video];
      for (int s = 0; s < tar[video].length; s++) {
        tar[video][s] =
            (float)
                reward.attenuation().weight(indices[video][s], models.golden().settings().frames());
      }
    }

    tensors.put("reward.text_features", sample.textFeatures());
    tensors.put("reward.cosine", manager.create(result.frameScores()));
    tensors.put("reward.tar", manager.create(tar));
    tensors.put("reward.score", manager.create(scores));
    tensors.put("loss", manager.create((float) result.loss()));
  }

  /** One step, as the reference makes it. */
  private void adamW(LoraAdapter adapter, StepResult result) {
    double lr = models.golden().settings().lr();
    try (Optimizer optimizer = models.golden().settings().optimizer()) {
      optimizer.step(adapter.weights(), result.gradients(), lr);
    }

    adapter.weights().forEach((name, weight) -> tensors.put("adamw." + name, weight));
  }

  /** (b*S) arrays of (1, ...) to (b, S, ...). */
  private static NDArray perVideo(NDList parts, Sample sample) {
    NDArray all = NDArrays.concat(parts);
    long[] shape = all.getShape().getShape();
    long[] split = new long[shape.length + 1];
    split[0] = sample.size();
    split[1] = shape[0] / sample.size();
    System.arraycopy(shape, 1, split, 2, shape.length - 1);
    return all.reshape(new Shape(split));
  }
}
