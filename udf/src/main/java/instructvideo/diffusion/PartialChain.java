package instructvideo.diffusion;

import static instructvideo.nn.Functional.scale;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import instructvideo.nn.BlockRunner;
import instructvideo.unet.UNet3DConditionModel;
import java.util.function.IntFunction;

/**
 * InstructVideo's editing (section 4.2 of the paper): noise a video's latents to the middle of the
 * chain, denoise with guidance from there.
 */
public record PartialChain(
    UNet3DConditionModel unet, DdimScheduler scheduler, SamplerConfig config) {

  /**
   * Corrupts latents to the first timestep of the partial chain and denoises them from there.
   *
   * @param latents (b, 4, f, h, w)
   * @param promptEmbeds of the b prompts, then of b times the negative prompt, (2b, n, d)
   * @param last runs the steps that carry a gradient
   * @return latents after each step
   */
  public NDList denoise(NDArray latents, NDArray noise, NDArray promptEmbeds, BlockRunner last) {
    int[] timesteps = scheduler.timesteps(config.startingPartial());
    NDArray noised = scheduler.schedule().addNoise(latents, noise, timesteps[0]);
    return denoise(noised, timesteps, promptEmbeds, last);
  }

  /**
   * The full chain from noise on, without fresh noise.
   *
   * @param noise (b, 4, f, h, w), standard normal
   * @param promptEmbeds of the b prompts, then of b times the negative prompt, (2b, n, d)
   * @param last runs the steps that carry a gradient
   * @return latents after each step
   */
  public NDList generate(NDArray noise, NDArray promptEmbeds, BlockRunner last) {
    return denoise(noise, scheduler.timesteps(1), promptEmbeds, last);
  }

  private NDList denoise(NDArray noised, int[] timesteps, NDArray promptEmbeds, BlockRunner last) {
    NDList chain = new NDList(timesteps.length);
    NDArray x = noised;
    for (int i = 0; i < timesteps.length; i++) {
      int timestep = timesteps[i];
      boolean carriesGradient = i >= timesteps.length - config.gradSteps();
      x =
          carriesGradient
              ? mean(x, timestep, promptEmbeds, 0, last)
              : mean(x, timestep, promptEmbeds, 0);
      chain.add(x);
    }

    return chain;
  }

  /**
   * Samples a video: the full chain, from noise on, without gradients.
   *
   * @param noise (b, 4, f, h, w), standard normal
   * @param promptEmbeds of the b prompts, then of b times the negative prompt, (2b, n, d)
   * @param stepNoise fresh noise of a step by its index, in the manager of {@code noise}; called
   *     only if eta is above 0
   * @return latents (b, 4, f, h, w)
   */
  public NDArray sample(NDArray noise, NDArray promptEmbeds, IntFunction<NDArray> stepNoise) {
    NDArray x = noise;
    int[] timesteps = scheduler.timesteps(1);
    for (int i = 0; i < timesteps.length; i++) {
      x = mean(x, timesteps[i], promptEmbeds, config.eta());
      double sigma = scheduler.sigma(timesteps[i], config.eta());
      if (sigma > 0) {
        try (NDArray z = stepNoise.apply(i)) {
          x.addi(z.muli(sigma));
        }
      }
    }

    return x;
  }

  /** eps = eps_negative + g (eps_prompt - eps_negative), (b, 4, f, h, w). */
  public NDArray guidedEps(NDArray x, int timestep, NDArray promptEmbeds, BlockRunner runner) {
    NDArray twice = runner.run(in -> in.head().concat(in.head()), x);
    NDArray eps = unet.forward(twice, timestep, promptEmbeds, runner); // (2b, 4, f, h, w)
    return runner.run(in -> guide(in.head().split(2)), eps);
  }

  private NDArray guide(NDList eps) {
    return eps.get(1).add(scale(eps.get(0).sub(eps.get(1)), config.guidanceScale()));
  }

  /**
   * The mean of x of the next timestep, with guidance; where {@code eta} is 0, that x itself.
   *
   * @param promptEmbeds of the b prompts, then of b times the negative prompt, (2b, n, d)
   * @param eta share of fresh noise, which the caller adds
   * @return (b, 4, f, h, w)
   */
  public NDArray mean(
      NDArray x, int timestep, NDArray promptEmbeds, double eta, BlockRunner runner) {
    NDArray eps = guidedEps(x, timestep, promptEmbeds, runner);
    return runner.run(in -> scheduler.mean(in.get(0), in.get(1), timestep, eta), x, eps);
  }

  /** The same without gradients: only the result stays in memory. */
  public NDArray mean(NDArray x, int timestep, NDArray promptEmbeds, double eta) {
    NDManager manager = x.getManager();
    try (NDManager scope = manager.newSubManager()) {
      NDList in = BlockRunner.aliases(scope, x, promptEmbeds);
      NDArray next = mean(in.get(0), timestep, in.get(1), eta, BlockRunner.FREEING);
      next.attach(manager);
      return next;
    }
  }
}
