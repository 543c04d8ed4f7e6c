package instructvideo.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.spark.Slot;
import instructvideo.train.DdpoConfig;
import instructvideo.train.RoundsConfig;
import instructvideo.train.RwrConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoundPlanTest {

  /** With gaps, as rejected prompts leave them. */
  private static final long[] POSITIONS = {0, 1, 3, 4, 5, 8, 9, 11, 12, 20, 21};

  @Test
  void everySampleComesOnceAnEpoch() {
    RoundsConfig rounds = rounds(3, 2, 2, 1);
    RoundPlan plan = new RoundPlan(7, rounds, POSITIONS);
    Map<Integer, List<Long>> seen = new HashMap<>();
    for (int round = 0; round < 11; round++) {
      plan.slots(round * rounds.samplesPerRound())
          .forEach(
              (position, slots) ->
                  slots.forEach(
                      slot ->
                          seen.computeIfAbsent(slot.epoch(), e -> new ArrayList<>())
                              .add(position)));
    }

    assertThat(seen).hasSize(12);
    seen.values()
        .forEach(
            epoch ->
                assertThat(epoch)
                    .containsExactlyInAnyOrder(
                        Arrays.stream(POSITIONS).boxed().toArray(Long[]::new)));
  }

  @Test
  void workersShareNoPlaceAndFillTheirs() {
    RoundsConfig rounds = rounds(3, 2, 2, 2);
    Set<Slot> places = new HashSet<>();
    new RoundPlan(7, rounds, POSITIONS)
        .slots(5)
        .values()
        .forEach(slots -> slots.forEach(s -> places.add(new Slot(s.worker(), s.index(), 0))));

    assertThat(places).hasSize(24);
    assertThat(places).allMatch(slot -> slot.worker() < 3 && slot.index() < 8);
  }

  /** What makes P workers with one local step equal to one worker with the union. */
  @Test
  void oneStepOfAllWorkersTakesTheSameSamplesHoweverManyTheyAre() {
    Map<Long, List<Slot>> three = new RoundPlan(7, rounds(3, 1, 2, 1), POSITIONS).slots(6);
    Map<Long, List<Slot>> one = new RoundPlan(7, rounds(1, 1, 6, 1), POSITIONS).slots(6);

    assertThat(three.keySet()).isEqualTo(one.keySet());
  }

  @Test
  void epochsAreShuffledAnew() {
    RoundPlan plan = new RoundPlan(7, rounds(1, 1, 11, 1), POSITIONS);

    assertThat(order(plan.slots(0))).isNotEqualTo(order(plan.slots(11)));
    assertThat(order(plan.slots(0))).isEqualTo(order(plan.slots(0)));
  }

  private static List<Long> order(Map<Long, List<Slot>> slots) {
    Map<Integer, Long> byIndex = new TreeMap<>();
    slots.forEach((position, places) -> byIndex.put(places.get(0).index(), position));
    return List.copyOf(byIndex.values());
  }

  private static RoundsConfig rounds(int workers, int localSteps, int batch, int accumulate) {
    return new RoundsConfig(
        10,
        localSteps,
        workers,
        batch,
        accumulate,
        RoundsConfig.Outer.AVERAGE,
        0.7,
        0.9,
        3,
        RoundsConfig.Method.INSTRUCTVIDEO,
        new RwrConfig(1),
        new DdpoConfig(1, 1e-4, 5, 1));
  }
}
