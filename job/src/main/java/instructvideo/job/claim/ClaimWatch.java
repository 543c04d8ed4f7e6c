package instructvideo.job.claim;

import instructvideo.job.config.ClaimConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a sign of life of an output's owner, by this process's own monotonic clock: an owner is
 * gone if its beat could be read all the time and was the same.
 */
final class ClaimWatch {

  private static final double POLL = 1; // seconds
  private static final int PATIENCE = 20; // times the silence: the store itself may be away

  private final String out;
  private final ClaimFiles files;
  private final int epoch;
  private final Optional<ClaimOwner> owner;
  private final ClaimConfig config;

  ClaimWatch(
      String out, ClaimFiles files, int epoch, Optional<ClaimOwner> owner, ClaimConfig config) {
    this.out = out;
    this.files = files;
    this.epoch = epoch;
    this.owner = owner;
    this.config = config;
  }

  /**
   * Returns when the owner is taken for dead.
   *
   * @throws ClaimLostException as soon as it is alive
   */
  void await() throws IOException {
    System.err.printf(
        "note: %s is held by another run (%s); waiting %.0f s for a sign of life%n",
        out, owner.map(ClaimOwner::toString).orElse("unknown"), config.takeover());
    long begin = System.nanoTime();
    long quietSince = begin;
    String first = null;
    while (first == null || seconds(quietSince) < config.takeover()) {
      try {
        String beat = files.beat(epoch);
        if (first != null && !first.equals(beat)) {
          throw OutputClaim.heldBy(out, owner);
        }

        first = beat;
      } catch (ClaimLostException e) {
        throw e;
      } catch (IOException e) {
        if (seconds(begin) > PATIENCE * config.takeover()) {
          throw e;
        }

        first = null; // nothing is known of this time
        quietSince = System.nanoTime();
      }

      pause(Math.min(POLL, config.takeover() / 4));
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static void pause(double seconds) throws IOException {
    try {
      TimeUnit.MICROSECONDS.sleep(Math.round(seconds * 1e6));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
