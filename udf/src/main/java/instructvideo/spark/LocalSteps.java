package instructvideo.spark;

import instructvideo.train.TrainState;
import instructvideo.train.TrainingSample;
import instructvideo.train.WorkerResult;
import java.io.Serializable;
import java.util.Iterator;

/** What a worker does with its samples between two averages. */
public interface LocalSteps extends Serializable {

  /** Training. */
  LocalSteps TRAINING = (setup, state, worker, samples) -> TrainWorker.train(setup, state, samples);

  /**
   * Runs the local steps of one worker.
   *
   * @param state that all workers begin with
   * @param worker its number
   * @param samples in the order of the steps
   */
  WorkerResult run(
      TrainSetup setup, TrainState state, int worker, Iterator<TrainingSample> samples);
}
