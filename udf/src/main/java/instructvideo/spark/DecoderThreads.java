package instructvideo.spark;

import instructvideo.error.Secrets;
import instructvideo.spark.ScoreClock.Stage;
import instructvideo.video.ByteArraySource;
import instructvideo.video.FrameSampler;
import instructvideo.video.SeekableSource;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFacts;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that decode videos of any task; one that hangs is replaced. */
final class DecoderThreads implements AutoCloseable {

  private static final int ATTEMPTS = 3;

  private final AtomicInteger number = new AtomicInteger();
  private final ScoreEngine engine;
  private final Duration timeout;
  private final ThreadPoolExecutor pool;
  private final int threads;

  DecoderThreads(ScoreSetup setup, ScoreEngine engine) {
    this.engine = engine;
    timeout = Duration.ofMillis((long) (setup.decodeTimeout() * 1000));
    threads = setup.decodeThreads() > 0 ? setup.decodeThreads() : ExecutorCores.count();
    pool =
        new ThreadPoolExecutor(
            threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), this::thread);
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, "decode-" + number.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** Videos that are decoded at the same time. */
  int count() {
    return threads;
  }

  void submit(VideoJob job) {
    pool.execute(
        () -> {
          try {
            decode(job);
          } finally {
            engine.decoded();
          }
        });
  }

  /** One more thread, in place of one that hangs. */
  synchronized void replaceOne() {
    pool.setMaximumPoolSize(pool.getMaximumPoolSize() + 1);
    pool.setCorePoolSize(pool.getMaximumPoolSize());
    pool.prestartCoreThread();
  }

  private void decode(VideoJob job) {
    if (job.isDecoded()) {
      return; // its task is over
    }

    job.start();
    try {
      VideoFacts facts = read(job);
      SparkMetrics.get().video();
      engine.update(
          () -> {
            if (!job.isDecoded()) {
              job.finish(facts);
            }
          });
    } catch (VideoException e) {
      reject(job, e.getMessage());
    } catch (FileNotFoundException e) {
      reject(job, "no such file");
    } catch (AccessDeniedException e) {
      reject(job, "no permission to read it");
    } catch (IOException e) {
      SparkMetrics.get().decodeError();
      end(job, () -> job.rejectUnreadable("cannot be read: " + line(e)));
    } catch (RuntimeException e) {
      reject(job, "cannot be decoded: " + line(e));
    } catch (InterruptedException e) {
      end(job, () -> job.reject("given up")); // by its task, or with the pool
    } catch (OutOfMemoryError e) {
      reject(job, "its frames do not fit into the Java heap");
    }
  }

  private void reject(VideoJob job, String reason) {
    SparkMetrics.get().decodeError();
    end(job, () -> job.reject(reason));
  }

  /** Unless it has been given up meanwhile. */
  private void end(VideoJob job, Runnable how) {
    engine.update(
        () -> {
          if (!job.isDecoded()) {
            engine.drop(job);
            how.run();
          }
        });
  }

  private static String line(Exception e) {
    String message = Secrets.strip(e.getMessage());
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  private VideoFacts read(VideoJob job) throws IOException, VideoException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return readOnce(job);
      } catch (FileNotFoundException | AccessDeniedException e) {
        throw e;
      } catch (IOException e) {
        if (attempt == ATTEMPTS || job.waiting > 0) {
          throw e;
        }

        Thread.sleep(500L << attempt);
      }
    }
  }

  private VideoFacts readOnce(VideoJob job)
      throws IOException, VideoException, InterruptedException {
    long start = System.nanoTime();
    long blockedBefore = job.blockedNanos();
    TimedSource source = open(job);
    long opened = System.nanoTime();
    job.clock.add(Stage.READ, opened - start);
    try {
      return FrameSampler.read(
          source,
          engine.setup().frames(),
          job.item.video(),
          timeout,
          frame -> engine.put(job, frame));
    } finally {
      long active = System.nanoTime() - opened - (job.blockedNanos() - blockedBefore);
      job.clock.add(Stage.READ, source.nanos());
      job.clock.add(Stage.DECODE, active - source.nanos());
    }
  }

  /** Opens the bytes, and finds out what they are where the listing did not say. */
  private static TimedSource open(VideoJob job) throws IOException {
    ScoreItem item = job.item;
    if (item.content() != null) {
      job.identify(item.contentId() == null ? ContentId.of(item.content()) : item.contentId());
      return new TimedSource(new ByteArraySource(item.content()));
    }

    if (item.contentId() == null) {
      job.identify(ContentId.of(item.uri()));
    }

    SeekableSource source = HadoopSource.open(item.uri());
    return new TimedSource(source);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
