package instructvideo.job.claim;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Failures;
import instructvideo.job.Outputs;
import instructvideo.job.Storage;
import instructvideo.job.config.ClaimConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The right to write to an output, which one driver has at a time: OUT/_owner, as {@link
 * ClaimFiles} has it. The owner gives signs of life; whoever finds an owner without any for a while
 * takes the output over with a higher epoch, and the old owner, should it come back, finds that and
 * stops. Time is measured by the waiting process alone: no clocks are compared.
 */
public final class OutputClaim implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OutputClaim.class);

  private final String out;
  private final ClaimFiles files;
  private final ClaimOwner owner;
  private final int epoch;
  private final ScheduledExecutorService heart;
  private long beats;
  private volatile ClaimLostException lost;

  private OutputClaim(String out, ClaimFiles files, ClaimOwner owner, int epoch) {
    this.out = out;
    this.files = files;
    this.owner = owner;
    this.epoch = epoch;
    heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "claim of " + out);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What is done while the output is held. */
  public interface Held {

    /** Does it; the result is an exit code. */
    int run(OutputClaim claim) throws Exception;
  }

  /**
   * Does something while nobody else writes to an output.
   *
   * @param out URI of a folder, which may not exist yet
   * @param command for the message that others get
   * @throws ClaimLostException if another run holds it, or takes it over meanwhile
   */
  public static int hold(String out, String command, ClaimConfig config, Held held)
      throws Exception {
    try (OutputClaim claim = take(out, command, config)) {
      try {
        return held.run(claim);
      } catch (Exception e) {
        if (claim.lost != null && claim.lost != e) {
          claim.lost.addSuppressed(e); // jobs that were cancelled
          throw claim.lost;
        }

        throw e;
      }
    }
  }

  /** Names in a folder, sorted, without the claim's own and what killed processes left. */
  public static List<String> contents(Path out) throws IOException {
    List<String> names = new ArrayList<>(Storage.list(out));
    names.remove(ClaimFiles.FOLDER);
    names.removeIf(Outputs::isPart);
    return names;
  }

  /**
   * Takes an output.
   *
   * @throws ClaimLostException if another run holds it
   * @throws InvalidInputException if the place cannot be written to
   */
  static OutputClaim take(String out, String command, ClaimConfig config) throws IOException {
    ClaimFiles files = new ClaimFiles(new Path(out));
    ClaimOwner owner = ClaimOwner.ofThisProcess(command);
    int epoch;
    try {
      epoch = epoch(out, files, owner, config);
      tellSupport(out, files.probe(epoch, owner));
    } catch (ClaimLostException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write to %s: %s".formatted(out, Failures.line(e)), e);
    }

    OutputClaim claim = new OutputClaim(out, files, owner, epoch);
    long period = Math.round(config.heartbeat() * 1000);
    ScheduledFuture<?> unused =
        claim.heart.scheduleWithFixedDelay(claim::beat, 0, period, TimeUnit.MILLISECONDS);
    return claim;
  }

  private static int epoch(String out, ClaimFiles files, ClaimOwner owner, ClaimConfig config)
      throws IOException {
    OptionalInt latest = files.latest();
    if (latest.isPresent()) {
      Optional<ClaimOwner> other = files.owner(latest.getAsInt());
      if (!other.map(ClaimOwner::hasEnded).orElse(false)) {
        new ClaimWatch(out, files, latest.getAsInt(), other, config).await();
      }

      LOG.warn("Taking {} over from a run that has ended without saying so", out);
    }

    int epoch = latest.orElse(0) + 1;
    if (!files.take(epoch, owner)) {
      throw heldBy(out, files.owner(epoch));
    }

    files.prune(epoch);
    return epoch;
  }

  static ClaimLostException heldBy(String out, Optional<ClaimOwner> other) {
    return new ClaimLostException(
        "Cannot write to %s: another run works on it (%s); wait for its end, stop it, or give another --out"
            .formatted(out, other.map(ClaimOwner::toString).orElse("just begun")));
  }

  private static void tellSupport(String out, ConditionalWrites.Support support) {
    switch (support) {
      case ATOMIC -> LOG.debug("{} is kept from other runs", out);
      case CHECKED ->
          LOG.warn(
              "Hadoop has no conditional writes for {} (S3A of 3.3 and later has, by s3a://, unless"
                  + " fs.s3a.create.conditional.enabled is false): two runs on it that begin within"
                  + " the same second are not kept apart",
              out);
      case IGNORED ->
          LOG.warn("The store of {} ignores If-None-Match: two runs on it are not kept apart", out);
    }
  }

  /**
   * Makes sure that the output is still this run's.
   *
   * @throws ClaimLostException if another run has taken it over
   */
  public void check() throws IOException {
    if (lost == null) {
      OptionalInt latest = files.latest();
      boolean isOurs =
          latest.equals(OptionalInt.of(epoch))
              && files.owner(epoch).map(found -> found.id().equals(owner.id())).orElse(false);
      if (!isOurs) {
        Optional<ClaimOwner> other =
            latest.isPresent() ? files.owner(latest.getAsInt()) : Optional.empty();
        lost =
            new ClaimLostException(
                "Cannot go on with %s: another run has taken it over (%s), since this one gave no sign"
                        .formatted(out, other.map(ClaimOwner::toString).orElse("ended since"))
                    + " of life; what that run does is the same, wait for its end");
      }
    }

    if (lost != null) {
      throw lost;
    }
  }

  /** A sign of life; whoever has lost the output stops what Spark does for it. */
  private void beat() {
    try {
      check();
      files.writeBeat(epoch, ++beats);
    } catch (ClaimLostException e) {
      LOG.error("{}", e.getMessage());
      Option<SparkSession> session = SparkSession.getDefaultSession();
      if (session.isDefined()) {
        session.get().sparkContext().cancelAllJobs();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot give a sign of life in {}: {}", out, Failures.line(e));
    }
  }

  /** Gives the output back, if it is still this run's. */
  @Override
  public void close() {
    heart.shutdown();
    try {
      if (!heart.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("A sign of life in {} does not come to an end", out);
      }

      check();
      files.remove(epoch);
    } catch (ClaimLostException e) {
      LOG.debug("Nothing to give back: {}", e.getMessage());
    } catch (IOException e) {
      LOG.warn("Cannot give {} back: {}; the next run waits a while", out, Failures.line(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
