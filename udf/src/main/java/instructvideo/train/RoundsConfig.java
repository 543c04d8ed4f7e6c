package instructvideo.train;

import java.io.Serializable;
import java.util.Locale;

/**
 * How training is cut into rounds and spread over workers.
 *
 * @param localSteps optimizer steps of each worker in a round (H in DiLoCo)
 * @param workers partitions of a round
 * @param batch videos of a worker in one pass
 * @param accumulate passes whose gradients are added up for one optimizer step
 * @param keep checkpoints that are kept, 0 for all
 * @param method the loss that is followed, and on which videos
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
    int keep,
    Method method,
    RwrConfig rwr,
    DdpoConfig ddpo)
    implements Serializable {

  /** What becomes of the workers' average. */
  public enum Outer {
    AVERAGE,
    NESTEROV
  }

  /** Ways to train. */
  public enum Method {
    /** The reward's gradient through the end of a partial chain (arXiv 2312.12490). */
    INSTRUCTVIDEO,
    /** The reward's gradient through the end of a full chain (arXiv 2309.17400). */
    DRAFT,
    /** Reward-weighted regression (arXiv 2302.12192). */
    RWR,
    /** Policy gradient with a clipped importance ratio (arXiv 2305.13301). */
    DDPO
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

    boolean compares = method == Method.RWR || method == Method.DDPO;
    if (compares && (long) localSteps * batch * accumulate < 2) {
      throw new IllegalArgumentException(
          "train.method %s compares the videos of a worker's round, of which there is one; give more"
                  .formatted(method.name().toLowerCase(Locale.ROOT))
              + " --batch, --accumulate or --local-steps");
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
