package instructvideo.train;

import ai.djl.ndarray.NDManager;
import instructvideo.diffusion.PartialChain;
import java.util.Iterator;
import java.util.List;

/**
 * DRaFT-K (arXiv 2309.17400, section 3.2): the gradient of the reward through the last K steps, as
 * {@link TrainStep} takes it, but of the full chain from pure noise. The table's latents are not
 * used.
 */
record Draft(TrainStep step, SampleBatch batches, NDManager manager)
    implements TrainMethod<TrainingSample> {

  @Override
  public Iterator<TrainingSample> begin(Iterator<TrainingSample> samples, int round) {
    return samples;
  }

  @Override
  public void accumulate(
      List<TrainingSample> pass, int round, int numVideos, StepGradients.Sums sums) {
    PartialChain chain = step.chain();
    try (NDManager scope = manager.newSubManager()) {
      Sample sample = batches.fromNoise(scope, pass, round);
      sums.add(
          step.accumulate(
              sample,
              numVideos,
              (latents, noise, promptEmbeds, last) -> chain.generate(noise, promptEmbeds, last)));
    }
  }
}
