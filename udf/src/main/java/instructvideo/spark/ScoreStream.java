package instructvideo.spark;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Scores items in their order, as many of them at once as keep the models busy. Memory does not
 * grow with the number of videos nor with their length.
 */
public final class ScoreStream implements Iterator<ScoredVideo>, AutoCloseable {

  private static final long GRACE_NANOS = 2_000_000_000L; // decoders notice the timeout themselves

  private static final int MAX_UNREADABLE = 10;

  private final ScoreEngine engine;
  private final Iterator<ScoreItem> items;
  private final ScoreClock clock;
  private final Deque<VideoJob> jobs = new ArrayDeque<>();
  private final int ahead;
  private int unreadable;
  private boolean closed;

  private ScoreStream(
      ScoreEngine engine, Iterator<ScoreItem> items, ScoreClock clock, boolean oneByOne) {
    this.engine = engine;
    this.items = items;
    this.clock = clock;
    ahead = oneByOne ? 1 : engine.ahead();
  }

  /** Begins; to be closed. Loads the models if this JVM has not got them. */
  public static ScoreStream of(ScoreSetup setup, Iterator<ScoreItem> items, ScoreClock clock)
      throws IOException {
    return of(setup, items, clock, false);
  }

  /** One that may take an item only when the one before is done. */
  static ScoreStream of(
      ScoreSetup setup, Iterator<ScoreItem> items, ScoreClock clock, boolean oneByOne)
      throws IOException {
    return new ScoreStream(ScoreEngine.acquire(setup), items, clock, oneByOne);
  }

  /** Frees the models of this JVM that no stream uses. */
  public static void releaseModels() {
    ScoreEngine.releaseAll();
  }

  @Override
  public boolean hasNext() {
    return !jobs.isEmpty() || (!closed && items.hasNext());
  }

  @Override
  public ScoredVideo next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }

    fill();
    VideoJob job = jobs.peek();
    try {
      while (!job.isDone()) {
        engine.await(job);
        checkTime(job);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while scoring " + job.item.video(), e);
    }

    jobs.remove();
    checkStore(job);
    return job.result();
  }

  /**
   * One file that cannot be read is a row with an error; many in a row are a store that is away.
   */
  private void checkStore(VideoJob job) {
    unreadable = job.isUnreadable() ? unreadable + 1 : 0;
    if (job.failure() != null || unreadable > MAX_UNREADABLE) {
      throw failure(job);
    }
  }

  private void fill() {
    while (jobs.size() < ahead && items.hasNext()) {
      ScoreItem item = items.next();
      VideoJob job = new VideoJob(item, engine.possible(item), clock);
      jobs.add(job);
      if (item.problem() != null) {
        engine.update(() -> job.reject(item.problem()));
      } else if (job.rewards.isEmpty()) {
        engine.update(() -> job.reject("no prompt"));
      } else {
        engine.submit(job);
      }
    }
  }

  /** Gives up a decoder that does not come back by itself. */
  private void checkTime(VideoJob job) {
    double timeout = engine.setup().decodeTimeout();
    if (!job.isDecoded() && job.activeNanos() > timeout * 1e9 + GRACE_NANOS) {
      engine.abandon(job, "decoding took longer than %.0f s".formatted(timeout));
    }
  }

  private static RuntimeException failure(VideoJob job) {
    if (job.failure() instanceof RuntimeException runtime) {
      return runtime;
    }

    String reason = job.failure() == null ? job.result().error() : job.failure().getMessage();
    return new IllegalStateException(
        "Cannot score " + job.item.video() + ": " + reason, job.failure());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      engine.update(
          () ->
              jobs.forEach(
                  job -> {
                    engine.drop(job);
                    job.reject("given up");
                  }));
      jobs.clear();
      engine.release();
    }
  }
}
