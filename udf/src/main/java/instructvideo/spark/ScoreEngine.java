package instructvideo.spark;

import instructvideo.nn.TorchEngine;
import instructvideo.video.RgbFrame;
import instructvideo.video.SampledFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all tasks of an executor share: the models, the threads that decode ahead of them, and the
 * frames between the two. Frames of different videos and tasks share a batch; whichever task waits
 * for a result runs the next batch.
 */
final class ScoreEngine implements AutoCloseable {

  private static final long BUFFER_BYTES = 256L << 20; // 40 pictures of 1920 x 1080
  private static final long WAIT_NANOS = 100_000_000;
  private static final long FILL_NANOS = 20_000_000;
  private static final int KEPT = 4;

  private static final Map<ScoreSetup, ScoreEngine> ENGINES = new LinkedHashMap<>();

  private final ScoreSetup setup;
  private final ScoreModels models;
  private final DecoderThreads decoders;
  private final ReentrantLock modelLock = new ReentrantLock(true);
  private final Deque<Waiting> ready = new ArrayDeque<>();
  private long bytes;
  private int decoding;
  private int users;

  private record Waiting(VideoJob job, SampledFrame frame) {}

  private ScoreEngine(ScoreSetup setup) throws IOException {
    this.setup = setup;
    models = new ScoreModels(setup);
    decoders = new DecoderThreads(setup, this);
  }

  /** This JVM's engine for a setup; to be released. Some that nobody uses stay loaded. */
  static ScoreEngine acquire(ScoreSetup setup) throws IOException {
    synchronized (ENGINES) {
      ScoreEngine engine = ENGINES.remove(setup);
      if (engine == null) {
        evict();
        engine = new ScoreEngine(setup);
      }

      ENGINES.put(setup, engine); // behind those used less recently
      engine.users++;
      return engine;
    }
  }

  void release() {
    synchronized (ENGINES) {
      users--;
    }
  }

  /** Frees the models that no task uses. */
  static void releaseAll() {
    synchronized (ENGINES) {
      evict(0);
    }
  }

  private static void evict() {
    evict(KEPT - 1);
  }

  private static void evict(int kept) {
    Iterator<ScoreEngine> oldest = ENGINES.values().iterator();
    while (ENGINES.size() > kept && oldest.hasNext()) {
      ScoreEngine engine = oldest.next();
      if (engine.users == 0) {
        oldest.remove();
        engine.close();
      }
    }
  }

  ScoreSetup setup() {
    return setup;
  }

  /** Names of the wanted rewards that have what they need. */
  Set<String> possible(ScoreItem item) {
    return item.prompt() == null ? models.promptless(item.rewards()) : item.rewards();
  }

  /** Decodes a video on another thread. */
  void submit(VideoJob job) {
    synchronized (this) {
      decoding++;
    }

    decoders.submit(job);
  }

  /** A thread is through with a job. */
  synchronized void decoded() {
    decoding--;
    notifyAll();
  }

  /**
   * Puts a frame into the models' queue; waits for room, but a video may always have one there.
   *
   * @throws InterruptedException if the job has been given up
   */
  synchronized void put(VideoJob job, SampledFrame frame) throws InterruptedException {
    long size = frame.picture().pixels().length;
    job.block();
    try {
      while (!job.isDecoded() && job.waiting > 0 && bytes + size > BUFFER_BYTES) {
        wait();
      }
    } finally {
      job.unblock();
    }

    if (job.isDecoded()) {
      throw new InterruptedException("given up");
    }

    bytes += size;
    job.waiting++;
    ready.add(new Waiting(job, frame));
    notifyAll();
  }

  /** Changes a job and wakes who waits for it. */
  synchronized void update(Runnable change) {
    change.run();
    notifyAll();
  }

  /** Gives a job up: its thread may hang for ever. */
  synchronized void abandon(VideoJob job, String reason) {
    if (!job.isDecoded()) {
      drop(job);
      job.reject(reason);
      decoders.replace(job);
      notifyAll();
    }
  }

  /** Takes the job's frames out of the queue; those in the models come back in their time. */
  synchronized void drop(VideoJob job) {
    Iterator<Waiting> entries = ready.iterator();
    while (entries.hasNext()) {
      Waiting entry = entries.next();
      if (entry.job() == job) {
        entries.remove();
        bytes -= entry.frame().picture().pixels().length;
        job.waiting--;
      }
    }
  }

  int batch() {
    return models.batch();
  }

  /** Scores frames that wait, if there are any, else waits a little for one or for the job. */
  void work(VideoJob job) throws InterruptedException {
    modelLock.lockInterruptibly();
    try {
      awaitBatch(job);
      List<Waiting> batch = take();
      if (!batch.isEmpty()) {
        run(batch);
        return;
      }
    } finally {
      modelLock.unlock();
    }

    await(job);
  }

  /** A batch costs the same full or not: waits a moment for a full one while videos are decoded. */
  private synchronized void awaitBatch(VideoJob job) throws InterruptedException {
    long end = System.nanoTime() + FILL_NANOS;
    while (!ready.isEmpty()
        && ready.size() < models.batch()
        && decoding > 0
        && !job.isDone()
        && System.nanoTime() < end) {
      wait(FILL_NANOS / 1_000_000);
    }
  }

  /** Returns soon in any case: whoever waits looks after the job's time. */
  private synchronized void await(VideoJob job) throws InterruptedException {
    long end = System.nanoTime() + WAIT_NANOS;
    while (ready.isEmpty() && !job.isDone() && System.nanoTime() < end) {
      wait(WAIT_NANOS / 1_000_000);
    }
  }

  /** The frames that have waited longest, all of the same rewards. */
  private synchronized List<Waiting> take() {
    List<Waiting> batch = new ArrayList<>();
    Iterator<Waiting> entries = ready.iterator();
    Set<String> rewards = null;
    while (entries.hasNext() && batch.size() < models.batch()) {
      Waiting entry = entries.next();
      Set<String> wanted = entry.job().rewards;
      rewards = rewards == null ? wanted : rewards;
      if (wanted.equals(rewards)) {
        entries.remove();
        batch.add(entry);
      }
    }

    return batch;
  }

  private void run(List<Waiting> batch) {
    TorchEngine.start(setup.threads()); // the recording of gradients belongs to the thread
    List<RgbFrame> frames = batch.stream().map(entry -> entry.frame().picture()).toList();
    List<String> prompts = new ArrayList<>();
    batch.forEach(entry -> prompts.add(entry.job().item.prompt()));
    VideoJob first = batch.get(0).job();
    try {
      List<Map<String, Float>> scores = models.score(frames, prompts, first.rewards, first.clock);
      deliver(batch, scores, null);
    } catch (RuntimeException | LinkageError e) {
      deliver(batch, List.of(), e);
    }
  }

  private synchronized void deliver(
      List<Waiting> batch, List<Map<String, Float>> scores, Throwable failure) {
    for (int i = 0; i < batch.size(); i++) {
      Waiting entry = batch.get(i);
      bytes -= entry.frame().picture().pixels().length;
      entry.job().waiting--;
      if (failure != null) {
        entry.job().fail(failure);
      } else {
        entry.job().add(entry.frame(), scores.get(i));
      }
    }

    notifyAll();
  }

  @Override
  public void close() {
    decoders.close();
    models.close();
  }
}
