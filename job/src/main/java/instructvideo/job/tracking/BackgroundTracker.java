package instructvideo.job.tracking;

import instructvideo.job.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a tracker's waits and failures from the run: entries wait in a queue, and a thread tells
 * the tracker of them in their order. One that fails is tried again, after pauses that grow; the
 * others wait behind it. What fills memory is dropped first.
 */
final class BackgroundTracker {

  /** Bytes of videos and adapters that wait; beyond, the oldest are dropped. */
  private static final long MAX_BYTES = 64L << 20;

  private static final int MAX_ENTRIES = 10_000;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final long BYTES_PER_SECOND = 1 << 19;
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundTracker.class);

  private final RunTracker tracker;
  private final Duration pause;
  private final Thread thread;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final Set<String> causes = new HashSet<>();
  private boolean closing;
  private boolean failing;

  /** What a tracker is to be told. */
  interface Message {
    void tell(RunTracker tracker) throws IOException;
  }

  /**
   * A message in the queue.
   *
   * @param light what is left of it where memory runs short; may be null
   * @param bytes that would then be free
   */
  private record Entry(Message message, Message light, long bytes) {}

  /**
   * Starts the thread.
   *
   * @param pause after the first failure; each further one doubles it, up to a minute
   */
  BackgroundTracker(RunTracker tracker, Duration pause) {
    this.tracker = tracker;
    this.pause = pause;
    thread = new Thread(this::work, "tracking");
    thread.setDaemon(true);
    thread.start();
  }

  /** As the tracker's. */
  String name() {
    return tracker.name();
  }

  /** Puts a small message into the queue. */
  void tell(Message message) {
    tell(message, message, 0);
  }

  /** Puts a message into the queue that holds much memory. */
  synchronized void tell(Message message, Message light, long bytes) {
    if (waiting.size() < MAX_ENTRIES) {
      waiting.add(new Entry(message, light, bytes));
      makeRoom();
      notifyAll();
    }
  }

  private void makeRoom() {
    long excess = bytes() - MAX_BYTES;
    if (excess <= 0) {
      return;
    }

    Deque<Entry> kept = new ArrayDeque<>();
    for (Iterator<Entry> entries = waiting.iterator(); entries.hasNext(); ) {
      Entry entry = entries.next();
      boolean drops = excess > 0 && entry.bytes > 0 && entries.hasNext();
      if (!drops) {
        kept.add(entry);
        continue;
      }

      excess -= entry.bytes;
      if (entry.light != null) {
        kept.add(new Entry(entry.light, entry.light, 0));
      }
    }

    waiting.clear();
    waiting.addAll(kept);
  }

  private long bytes() {
    return waiting.stream().mapToLong(Entry::bytes).sum();
  }

  private void work() {
    Duration next = pause;
    while (true) {
      Entry entry;
      boolean last;
      synchronized (this) {
        entry = await();
        last = closing;
      }

      if (entry == null) {
        return;
      }

      if (attempt(entry)) {
        next = pause;
      } else if (last || !rest(next)) {
        return;
      } else {
        next =
            next.compareTo(LONGEST_PAUSE.dividedBy(2)) < 0 ? next.multipliedBy(2) : LONGEST_PAUSE;
      }
    }
  }

  /** The next entry; null if the run is over and none is left. */
  private synchronized Entry await() {
    try {
      while (waiting.isEmpty() && !closing) {
        wait();
      }
    } catch (InterruptedException e) {
      return null;
    }

    return waiting.peek();
  }

  /** Waits before the next attempt; the end of the run cuts it short. */
  private synchronized boolean rest(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toMillis(); left > 0 && !closing; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      return false;
    }

    return true;
  }

  /** Tells the tracker; true if the entry is done with. */
  private boolean attempt(Entry entry) {
    boolean done = true;
    try {
      entry.message.tell(tracker);
      recovered();
    } catch (RefusedException e) {
      warn(e.getMessage(), "that is left out");
    } catch (IOException | RuntimeException e) {
      failing = true;
      done = false;
      boolean ours = e.getClass() == IOException.class && e.getCause() == null;
      warn(
          ours ? e.getMessage() : Failures.line(e),
          "the run goes on, and what is missing is logged once that is mended");
    } catch (LinkageError e) { // another MLflow on the class path
      warn(Failures.line(e), "that is left out");
    }

    if (done) {
      synchronized (this) {
        waiting.remove(entry); // no longer there if it was dropped meanwhile
      }
    }

    return done;
  }

  private void recovered() {
    if (failing) {
      failing = false;
      causes.clear();
      LOG.info("{} can be written to again", tracker.name());
    }
  }

  private void warn(String cause, String consequence) {
    if (causes.add(cause)) {
      LOG.warn("Cannot write to {}: {}; {}", tracker.name(), cause, consequence);
    }
  }

  /**
   * Waits until the tracker was told of everything; no longer than it takes to find out that it
   * does not answer.
   *
   * @param patience without the time that videos and adapters need
   * @return whether it was told of everything
   */
  boolean close(Duration patience) {
    long millis;
    synchronized (this) {
      closing = true;
      notifyAll();
      millis = patience.toMillis() + 1000 * bytes() / BYTES_PER_SECOND;
    }

    try {
      thread.join(Math.max(1, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }

    thread.interrupt();
    tracker.close();
    synchronized (this) {
      if (!waiting.isEmpty()) {
        LOG.warn(
            "Cannot write to {}: {} entries of this run are missing there; start it again to log them",
            tracker.name(),
            waiting.size());
      }

      return waiting.isEmpty();
    }
  }
}
