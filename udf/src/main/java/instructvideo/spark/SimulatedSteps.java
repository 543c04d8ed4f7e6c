package instructvideo.spark;

import instructvideo.train.PolicyRatios;
import instructvideo.train.StepMetrics;
import instructvideo.train.TrainState;
import instructvideo.train.TrainingSample;
import instructvideo.train.WorkerResult;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Workers that take their samples, sleep as long as steps would last, and return weights and
 * moments that differ from worker to worker: all of a round but the models.
 *
 * @param seconds of one step
 */
public record SimulatedSteps(double seconds) implements LocalSteps {

  @Override
  public WorkerResult run(
      TrainSetup setup, TrainState state, int worker, Iterator<TrainingSample> samples) {
    int count = 0;
    while (samples.hasNext()) {
      samples.next();
      count++;
    }

    sleep(seconds * setup.rounds().localSteps());
    StepMetrics metrics =
        new StepMetrics(
            count, 0, count, count, 0, setup.rounds().localSteps(), 0, PolicyRatios.NONE, Map.of());
    return new WorkerResult(
        moved(state.lora().weights(), worker, 1),
        moved(state.lora().weights(), worker, 2),
        moved(state.lora().weights(), worker, 3),
        metrics);
  }

  private static SortedMap<String, float[]> moved(
      SortedMap<String, float[]> weights, int worker, int salt) {
    SortedMap<String, float[]> result = new TreeMap<>();
    weights.forEach((name, values) -> result.put(name, moved(values, worker * 4 + salt)));
    return result;
  }

  /** No two workers' bytes are the same, nor can they be compressed. */
  private static float[] moved(float[] values, int salt) {
    float[] moved = new float[values.length];
    int bits = 0x9E3779B9 * (salt + 1);
    for (int i = 0; i < values.length; i++) {
      bits = bits * 1664525 + 1013904223; // Numerical Recipes' generator: no result depends on it
      moved[i] = values[i] + bits * 0x1p-41f;
    }

    return moved;
  }

  private static void sleep(double seconds) {
    try {
      TimeUnit.MICROSECONDS.sleep(Math.round(seconds * 1e6));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The task was ended", e);
    }
  }
}
