package instructvideo.train;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** Adds up the seconds of each phase. */
public final class PhaseClock {

  private final Map<Phase, Double> seconds = new EnumMap<>(Phase.class);

  /** Runs a piece of work on the account of a phase. */
  public <T> T time(Phase phase, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      add(phase, (System.nanoTime() - start) / 1e9);
    }
  }

  /** {@link #time(Phase, Supplier)} of work without a result. */
  public void time(Phase phase, Runnable work) {
    time(
        phase,
        () -> {
          work.run();
          return null;
        });
  }

  /** Adds seconds that were measured elsewhere. */
  public void add(Phase phase, double elapsed) {
    seconds.merge(phase, elapsed, Double::sum);
  }

  /** The sums so far, which begin from zero again. */
  public Map<Phase, Double> drain() {
    Map<Phase, Double> sums = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      sums.put(phase, seconds.getOrDefault(phase, 0.0));
    }

    seconds.clear();
    return sums;
  }
}
