package instructvideo.train;

import java.io.Serializable;

/**
 * How training is cut into rounds and spread over workers.
 *
 * @param localSteps optimizer steps of each worker in a round (H in DiLoCo)
 * @param workers partitions of a round
 * @param batch videos of a worker in one pass
 * @param accumulate passes whose gradients are added up for one optimizer step
 * @param keep checkpoints that are kept, 0 for all
 */
public record RoundsConfig(
    int rounds,
    int localSteps,
    int workers,
    int batch,
    int accumulate,
    Outer outer,
    double outerLr,
    double outerMomentum,
    int keep)
    implements Serializable {

  /** What becomes of the workers' average. */
  public enum Outer {
    AVERAGE,
    NESTEROV
  }

  public RoundsConfig {
    atLeastOne("train.rounds", rounds);
    atLeastOne("train.local-steps", localSteps);
    atLeastOne("train.workers", workers);
    atLeastOne("train.batch", batch);
    atLeastOne("train.accumulate", accumulate);
    if (keep < 0) {
      throw new IllegalArgumentException("train.keep must not be negative, is " + keep);
    }
  }

  /** Samples of one worker in one optimizer step. */
  public int samplesPerStep() {
    return batch * accumulate;
  }

  /** Samples of all workers in one round. */
  public long samplesPerRound() {
    return (long) workers * localSteps * samplesPerStep();
  }

  /** Optimizer steps of a worker in the whole run. */
  public int totalSteps() {
    return rounds * localSteps;
  }

  private static void atLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(key + " must be at least 1, is " + value);
    }
  }
}
