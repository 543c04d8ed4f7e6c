package instructvideo.train;

import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.List;

/** The gradient of the reward through the last steps of a partial chain: {@link TrainStep}. */
record InstructVideo(TrainStep step, SampleBatch batches, NDManager manager)
    implements TrainMethod<TrainingSample> {

  @Override
  public Iterator<TrainingSample> begin(Iterator<TrainingSample> samples, int round) {
    return samples;
  }

  @Override
  public void accumulate(
      List<TrainingSample> pass, int round, int numVideos, StepGradients.Sums sums) {
    try (NDManager scope = manager.newSubManager()) {
      sums.add(step.accumulate(batches.of(scope, pass, round), numVideos));
    }
  }
}
