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
    NDList chain = new NDList(timesteps.length);
    NDArray x = scheduler.schedule().addNoise(latents, noise, timesteps[0]);
    for (int i = 0; i < timesteps.length; i++) {
      int timestep = timesteps[i];
      boolean carriesGradient = i >= timesteps.length - config.gradSteps();
      x =
          carriesGradient
              ? step(x, timestep, promptEmbeds, 0, last)
              : stepAndFree(x, timestep, promptEmbeds, 0);
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
      x = stepAndFree(x, timesteps[i], promptEmbeds, config.eta());
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

  private NDArray step(
      NDArray x, int timestep, NDArray promptEmbeds, double eta, BlockRunner runner) {
    NDArray eps = guidedEps(x, timestep, promptEmbeds, runner);
    return runner.run(in -> scheduler.mean(in.get(0), in.get(1), timestep, eta), x, eps);
  }

  private NDArray stepAndFree(NDArray x, int timestep, NDArray promptEmbeds, double eta) {
    NDManager manager = x.getManager();
    try (NDManager scope = manager.newSubManager()) {
      NDList in = BlockRunner.aliases(scope, x, promptEmbeds);
      NDArray next = step(in.get(0), timestep, in.get(1), eta, BlockRunner.FREEING);
      next.attach(manager);
      return next;
    }
  }
}
