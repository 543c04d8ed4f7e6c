package instructvideo.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import instructvideo.diffusion.PartialChain;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.train.Rollout.Transition;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Makes a video of every prompt with the weights as they are, over the full chain from pure noise
 * and with guidance, and scores it; nothing carries a gradient.
 *
 * @param manager that holds the videos of one pass at a time; what is returned lies in Java
 * @param batch videos of one pass
 * @param eta share of fresh noise in each step
 */
record Rollouts(TrainStep step, SampleBatch batches, NDManager manager, int batch, double eta) {

  /** One of each sample, in their order. */
  List<Rollout> of(Iterator<TrainingSample> samples, int round) {
    List<TrainingSample> all = new ArrayList<>();
    step.clock().time(Phase.READ, () -> samples.forEachRemaining(all::add));
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < all.size(); i += batch) {
      rollouts.addAll(pass(all.subList(i, Math.min(i + batch, all.size())), round));
    }

    return rollouts;
  }

  private List<Rollout> pass(List<TrainingSample> videos, int round) {
    List<List<Transition>> transitions = new ArrayList<>();
    videos.forEach(video -> transitions.add(new ArrayList<>()));
    try (NDManager scope = manager.newSubManager()) {
      Sample sample = batches.fromNoise(scope, videos, round);
      NDArray latents =
          step.clock().time(Phase.CHAIN, () -> denoise(sample, videos, round, transitions));
      double[] rewards =
          step.clock()
              .time(
                  Phase.REWARD,
                  () ->
                      step.reward().rewards(latents, sample.textFeatures(), sample.frameIndices()));
      List<float[]> rows = rows(latents);
      List<Rollout> rollouts = new ArrayList<>();
      for (int i = 0; i < videos.size(); i++) {
        rollouts.add(new Rollout(videos.get(i), rows.get(i), rewards[i], transitions.get(i)));
      }

      return rollouts;
    }
  }

  /** The last latents; {@code transitions} of each video get the steps with noise. */
  private NDArray denoise(
      Sample sample, List<TrainingSample> videos, int round, List<List<Transition>> transitions) {
    PartialChain chain = step.chain();
    List<CounterRandom> randoms =
        videos.stream().map(video -> batches.random(video, round, Purpose.STEP_NOISE)).toList();
    NDArray x = sample.noise();
    for (int timestep : chain.scheduler().timesteps(1)) {
      NDArray mean = chain.mean(x, timestep, sample.promptEmbeds(), eta);
      double sigma = chain.scheduler().sigma(timestep, eta);
      NDArray next = sigma > 0 ? mean.add(stepNoise(x, randoms).muli(sigma)) : mean;
      if (sigma > 0) {
        double[] logProbs = chain.scheduler().logProbs(next, mean, timestep, eta);
        List<float[]> before = rows(x);
        List<float[]> after = rows(next);
        for (int i = 0; i < logProbs.length; i++) {
          Transition transition =
              new Transition(timestep, before.get(i), after.get(i), logProbs[i]);
          transitions.get(i).add(transition);
        }
      }

      x = next;
    }

    return x;
  }

  /** Standard normal, of the shape of x: the next numbers of each video's generator. */
  private static NDArray stepNoise(NDArray x, List<CounterRandom> randoms) {
    Shape shape = x.getShape();
    int size = Math.toIntExact(shape.size() / randoms.size());
    FloatBuffer noise = FloatBuffer.allocate(randoms.size() * size);
    randoms.forEach(random -> noise.put(random.gaussians(size)));
    return x.getManager().create(noise.flip(), shape);
  }

  private static List<float[]> rows(NDArray array) {
    float[] values = array.toFloatArray();
    int count = Math.toIntExact(array.getShape().get(0));
    int size = values.length / count;
    List<float[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(Arrays.copyOfRange(values, i * size, (i + 1) * size));
    }

    return rows;
  }
}
