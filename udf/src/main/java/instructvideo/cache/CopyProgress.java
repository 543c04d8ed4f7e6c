package instructvideo.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every few seconds how far a copy is, in the log and in a file that others read. */
final class CopyProgress implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
  private static final long MILLIS = 3000;
  private static final double MEGABYTE = 1 << 20;

  private final String what;
  private final double total; // bytes
  private final Path file;
  private final LongAdder done = new LongAdder();
  private final long start = System.nanoTime();
  private final Timer timer = new Timer("model-copy-progress", true);

  /**
   * Begins.
   *
   * @param file of the text that processes show which wait for this copy
   */
  CopyProgress(String what, double total, Path file) {
    this.what = what;
    this.total = total;
    this.file = file;
    LOG.info("Copying {} ({} MB)", what, megabytes(total));
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {
            show();
          }
        };
    timer.schedule(task, MILLIS, MILLIS);
  }

  void add(long bytes) {
    done.add(bytes);
  }

  private void show() {
    double seconds = seconds();
    double bytes = done.sum();
    String text =
        "%s of %s MB, %s MB/s, ETA %.0f s"
            .formatted(
                megabytes(bytes),
                megabytes(total),
                megabytes(bytes / seconds),
                bytes == 0 ? Double.NaN : seconds * (total - bytes) / bytes);
    LOG.info("Copying {}: {}", what, text);
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      LOG.debug("Cannot write {}", file, e); // only those who wait would have read it
    }
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Says that all is there. */
  void finish() {
    LOG.info(
        "Copied {}: {} MB in {} s, {} MB/s",
        what,
        megabytes(total),
        String.format(Locale.ROOT, "%.1f", seconds()),
        megabytes(total / seconds()));
  }

  private static String megabytes(double bytes) {
    return String.format(Locale.ROOT, bytes < 10 * MEGABYTE ? "%.1f" : "%.0f", bytes / MEGABYTE);
  }

  @Override
  public void close() {
    timer.cancel();
  }
}
