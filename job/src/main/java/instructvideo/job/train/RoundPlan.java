package instructvideo.job.train;

import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.spark.Slot;
import instructvideo.train.RoundsConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which worker trains on which sample. All workers together go through one shuffled order, an epoch
 * after the other: every sample exactly once an epoch.
 *
 * @param positions of the samples in the table, ascending
 */
record RoundPlan(long seed, RoundsConfig rounds, long[] positions) {

  /**
   * The slots of a round by the sample's position in the table. A step takes a run of the order as
   * long as all workers' batches together, the first worker its beginning.
   *
   * @param from samples seen in the rounds before
   */
  Map<Long, List<Slot>> slots(long from) {
    Map<Long, List<Slot>> slots = new HashMap<>();
    Map<Integer, int[]> orders = new HashMap<>();
    int perStep = rounds.samplesPerStep();
    int perAllWorkers = perStep * rounds.workers();
    for (int i = 0; i < rounds.samplesPerRound(); i++) {
      int epoch = Math.toIntExact((from + i) / positions.length);
      int[] order = orders.computeIfAbsent(epoch, this::order);
      long position = positions[order[(int) ((from + i) % positions.length)]];
      int step = i / perAllWorkers;
      int inStep = i % perAllWorkers;
      Slot slot = new Slot(inStep / perStep, step * perStep + inStep % perStep, epoch);
      slots.computeIfAbsent(position, key -> new ArrayList<>()).add(slot);
    }

    return slots;
  }

  private int[] order(int epoch) {
    return CounterRandom.of(seed, 0, "", epoch, Purpose.SAMPLE_ORDER).permutation(positions.length);
  }
}
