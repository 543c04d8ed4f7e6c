package instructvideo.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import instructvideo.autograd.Checkpoint;
import instructvideo.diffusion.PartialChain;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.train.Rollout.Transition;
import instructvideo.train.Rollout.Weighted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Denoising diffusion policy optimization with importance sampling (DDPO-IS, arXiv 2305.13301,
 * section 4.3; a baseline in arXiv 2312.12490, section 5). Each step of the chain is an action: the
 * round's first weights draw trajectories with fresh noise, and a local step raises the probability
 * of those that were rewarded, with PPO's clip of the ratio of probabilities. All is as in the
 * authors' PyTorch code: log probabilities are means over dimensions, the policy has guidance,
 * gradients are means over the timesteps.
 *
 * <p>Advantages are normalised over the worker's samples of the round: with more workers, over
 * fewer samples each. Where a trajectory's step adds no noise it is left out.
 */
record Ddpo(DdpoConfig config, Rollouts rollouts) implements TrainMethod<Weighted> {

  private static final double EPS = 1e-8; // of the authors' code

  @Override
  public Iterator<Weighted> begin(Iterator<TrainingSample> samples, int round) {
    List<Rollout> all = rollouts.of(samples, round);
    double[] rewards = all.stream().mapToDouble(Rollout::reward).toArray();
    double[] advantages = advantages(rewards, config.advantageClip());
    List<Weighted> weighted = new ArrayList<>();
    for (int i = 0; i < advantages.length; i++) {
      weighted.add(new Weighted(all.get(i), advantages[i]));
    }

    return weighted.iterator();
  }

  /**
   * (reward - mean) / deviation over those that are numbers, clipped; no number where the reward is
   * none.
   */
  static double[] advantages(double[] rewards, double clip) {
    double[] finite = Arrays.stream(rewards).filter(Double::isFinite).toArray();
    double mean = Arrays.stream(finite).average().orElse(0);
    double variance =
        Arrays.stream(finite).map(reward -> (reward - mean) * (reward - mean)).average().orElse(0);
    double deviation = Math.sqrt(variance) + EPS;
    return Arrays.stream(rewards)
        .map(reward -> Double.isFinite(reward) ? (reward - mean) / deviation : Double.NaN)
        .map(advantage -> Math.min(Math.max(advantage, -clip), clip))
        .toArray();
  }

  @Override
  public void accumulate(List<Weighted> pass, int round, int numVideos, StepGradients.Sums sums) {
    for (Weighted weighted : pass) {
      if (Double.isFinite(weighted.weight())) {
        double loss = accumulate(weighted, round, numVideos, sums);
        sums.add(weighted.rollout().reward(), loss);
      } else {
        sums.skip();
      }
    }
  }

  /** The loss of a trajectory: the mean over its timesteps. */
  private double accumulate(Weighted weighted, int round, int numVideos, StepGradients.Sums sums) {
    TrainingSample sample = weighted.rollout().sample();
    List<Transition> chosen = chosen(weighted.rollout(), round);
    double loss = 0;
    try (NDManager scope = rollouts.manager().newSubManager()) {
      NDArray promptEmbeds = rollouts.batches().promptEmbeds(scope, List.of(sample)); // (2, n, d)
      for (Transition transition : chosen) {
        double scale = 1.0 / numVideos / chosen.size();
        loss += accumulate(weighted, transition, promptEmbeds, scale, sums) / chosen.size();
      }
    }

    return loss;
  }

  /** The loss of a step; {@code scale} times its gradient is added. */
  private double accumulate(
      Weighted weighted,
      Transition transition,
      NDArray promptEmbeds,
      double scale,
      StepGradients.Sums sums) {
    TrainStep step = rollouts.step();
    PartialChain chain = step.chain();
    TrainingSample sample = weighted.rollout().sample();
    int timestep = transition.timestep();
    double eta = config.eta();
    try (NDManager scope = promptEmbeds.getManager().newSubManager()) {
      NDArray x = rollouts.batches().latents(scope, sample, transition.latents());
      NDArray next = rollouts.batches().latents(scope, sample, transition.next());
      Checkpoint checkpoint = new Checkpoint();
      NDArray mean =
          step.clock()
              .time(Phase.CHAIN, () -> chain.mean(x, timestep, promptEmbeds, eta, checkpoint));
      double logProb = chain.scheduler().logProbs(next, mean, timestep, eta)[0];
      double logRatio = logProb - transition.logProb();
      ClippedRatio ratio = new ClippedRatio(logRatio, weighted.weight(), config.clipRange());
      sums.add(ratio.figures());
      double slope = ratio.slope();
      if (slope != 0) {
        double sigma = chain.scheduler().sigma(timestep, eta);
        double factor = slope * scale / (sigma * sigma * x.size());
        NDArray gradient = next.sub(mean).muli(factor * step.reward().gradientScale());
        step.clock().time(Phase.BACKWARD, () -> checkpoint.backward(mean, gradient));
      }

      return ratio.loss();
    }
  }

  /** The timesteps that are trained on, in the order of the chain. */
  private List<Transition> chosen(Rollout rollout, int round) {
    List<Transition> all = rollout.transitions();
    int count = Math.max(1, (int) (all.size() * config.timestepFraction()));
    int[] order =
        rollouts
            .batches()
            .random(rollout.sample(), round, Purpose.TIMESTEP)
            .permutation(all.size());
    return Arrays.stream(order, 0, count).sorted().mapToObj(all::get).toList();
  }
}
