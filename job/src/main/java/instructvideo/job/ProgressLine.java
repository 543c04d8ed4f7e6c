package instructvideo.job;

import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.LongSupplier;

/** A line on the standard error every few seconds: how much is done and how long the rest takes. */
public final class ProgressLine implements AutoCloseable {

  private static final long MILLIS = 5000;

  private final String what;
  private final String unit; // null: seconds of each are shown
  private final long total;
  private final long before;
  private final LongSupplier done;
  private final long start = System.nanoTime();
  private final Timer timer = new Timer("progress", true);
  private long shown;

  /**
   * Begins.
   *
   * @param what is done, such as "prepare"
   * @param before done by an earlier attempt
   * @param done now, without those before
   */
  public ProgressLine(String what, long total, long before, LongSupplier done) {
    this(what, null, total, before, done);
  }

  private ProgressLine(String what, String unit, long total, long before, LongSupplier done) {
    this.what = what;
    this.unit = unit;
    this.total = total;
    this.before = before;
    this.done = done;
    shown = before;
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {
            show();
          }
        };
    timer.schedule(task, MILLIS, MILLIS);
  }

  /**
   * Begins; shows how many are done a second.
   *
   * @param unit what they are, such as "videos"
   */
  public static ProgressLine ofMany(String what, String unit, long total, LongSupplier done) {
    return new ProgressLine(what, unit, total, 0, done);
  }

  private synchronized void show() {
    long now = Math.min(before + done.getAsLong(), total);
    if (now == shown) {
      return;
    }

    shown = now;
    double seconds = (System.nanoTime() - start) / 1e9;
    double each = seconds / (now - before);
    System.err.printf(
        Locale.ROOT,
        "%s %d/%d  %s  %s%n",
        what,
        now,
        total,
        unit == null
            ? String.format(Locale.ROOT, "%.2f s each", each)
            : String.format(Locale.ROOT, "%.1f %s/s", 1 / each, unit),
        now == total ? "done" : "ETA " + Durations.text(each * (total - now)));
  }

  @Override
  public void close() {
    timer.cancel();
    show();
  }
}
