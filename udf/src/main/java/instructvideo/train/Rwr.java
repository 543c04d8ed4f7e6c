package instructvideo.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import instructvideo.autograd.Checkpoint;
import instructvideo.diffusion.PartialChain;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.train.Rollout.Weighted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Reward-weighted regression (arXiv 2302.12192; as a baseline in arXiv 2312.12490, section 5, and
 * 2305.13301, section 4.2): the round's first weights make a video of every sample, and the local
 * steps regress on their own noise in it, weight_i ||eps - eps_theta(x_t, t, prompt)||^2. No
 * guidance is in the loss and no prompt is dropped.
 *
 * <p>Weights are a softmax over the worker's samples of the round: with more workers it is taken
 * over fewer samples each.
 */
record Rwr(RwrConfig config, Rollouts rollouts) implements TrainMethod<Weighted> {

  /** Videos are sampled without fresh noise. */
  static final double ETA = 0;

  @Override
  public Iterator<Weighted> begin(Iterator<TrainingSample> samples, int round) {
    List<Rollout> all = rollouts.of(samples, round);
    double[] weights = weights(all.stream().mapToDouble(Rollout::reward).toArray(), config.beta());
    List<Weighted> weighted = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      weighted.add(new Weighted(all.get(i), weights[i]));
    }

    return weighted.iterator();
  }

  /**
   * exp(reward / beta), with a mean of 1 over those that are numbers; no number where the reward is
   * none.
   */
  static double[] weights(double[] rewards, double beta) {
    double highest = Arrays.stream(rewards).filter(Double::isFinite).max().orElse(0);
    double[] weights = new double[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      boolean isFinite = Double.isFinite(rewards[i]);
      weights[i] = isFinite ? StrictMath.exp((rewards[i] - highest) / beta) : Double.NaN;
    }

    double mean = Arrays.stream(weights).filter(Double::isFinite).average().orElse(1);
    return Arrays.stream(weights).map(weight -> weight / mean).toArray();
  }

  @Override
  public void accumulate(List<Weighted> pass, int round, int numVideos, StepGradients.Sums sums) {
    for (Weighted weighted : pass) {
      if (Double.isFinite(weighted.weight())) {
        double loss = accumulate(weighted, round, numVideos);
        sums.add(weighted.rollout().reward(), loss);
      } else {
        sums.skip();
      }
    }
  }

  /** The loss of a video; its gradient is divided by {@code numVideos}. */
  private double accumulate(Weighted weighted, int round, int numVideos) {
    TrainStep step = rollouts.step();
    PartialChain chain = step.chain();
    SampleBatch batches = rollouts.batches();
    TrainingSample sample = weighted.rollout().sample();
    int timesteps = chain.scheduler().schedule().alphasCumprod().length;
    int timestep = batches.random(sample, round, Purpose.TIMESTEP).nextInt(timesteps);
    try (NDManager scope = rollouts.manager().newSubManager()) {
      NDArray x0 = batches.latents(scope, sample, weighted.rollout().latents()); // (1, 4, f, h, w)
      float[] values = batches.random(sample, round, Purpose.NOISE).gaussians((int) x0.size());
      NDArray noise = batches.latents(scope, sample, values);
      NDArray promptEmbeds = batches.promptEmbeds(scope, List.of(sample)).get("0:1"); // (1, n, d)
      NDArray x = chain.scheduler().schedule().addNoise(x0, noise, timestep);
      Checkpoint checkpoint = new Checkpoint();
      NDArray eps =
          step.clock()
              .time(Phase.CHAIN, () -> chain.unet().forward(x, timestep, promptEmbeds, checkpoint));
      NDArray difference = eps.sub(noise);
      double loss = weighted.weight() * difference.square().mean().getFloat();
      double factor = 2 * weighted.weight() / difference.size() / numVideos;
      NDArray gradient = difference.mul(factor * step.reward().gradientScale());
      step.clock().time(Phase.BACKWARD, () -> checkpoint.backward(eps, gradient));
      return loss;
    }
  }
}
