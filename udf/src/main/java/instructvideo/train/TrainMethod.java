package instructvideo.train;

import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.List;

/**
 * What a worker does with its samples in a round: the loss and the videos that it is taken on.
 *
 * @param <S> what a sample of the table becomes in a round
 */
sealed interface TrainMethod<S> permits InstructVideo, Draft, Rwr, Ddpo {

  /**
   * Begins a round, with the weights as they are.
   *
   * @param samples of the worker, in the order of its steps
   * @param round from 1 on
   * @return as many, in the same order
   */
  Iterator<S> begin(Iterator<TrainingSample> samples, int round);

  /**
   * Adds the gradients of a pass to those that the LoRA weights collect, and its figures to {@code
   * sums}.
   *
   * @param numVideos of all passes of the step, whose mean is the loss
   */
  void accumulate(List<S> pass, int round, int numVideos, StepGradients.Sums sums);

  /** The method of a run's settings. */
  static TrainMethod<?> of(
      RoundsConfig rounds, TrainStep step, SampleBatch batches, NDManager manager) {
    return switch (rounds.method()) {
      case INSTRUCTVIDEO -> new InstructVideo(step, batches, manager);
      case DRAFT -> new Draft(step, batches, manager);
      case RWR ->
          new Rwr(rounds.rwr(), new Rollouts(step, batches, manager, rounds.batch(), Rwr.ETA));
      case DDPO -> {
        double eta = rounds.ddpo().eta();
        yield new Ddpo(rounds.ddpo(), new Rollouts(step, batches, manager, rounds.batch(), eta));
      }
    };
  }
}
