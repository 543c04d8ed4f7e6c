package instructvideo.spark;

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

/**
 * What all tasks of an executor share: the models, the threads that decode ahead of them, and the
 * frames between the two. Frames of different videos and tasks share a batch.
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
  private final List<Thread> modelThreads = new ArrayList<>();
  private final Deque<Waiting> ready = new ArrayDeque<>();
  private long bytes;
  private int decoding;
  private boolean closed;
  private int users;

  private record Waiting(VideoJob job, SampledFrame frame) {}

  private ScoreEngine(ScoreSetup setup) throws IOException {
    this.setup = setup;
    models = new ScoreModels(setup);
    decoders = new DecoderThreads(setup, this);
    for (int i = 0; i < models.threads(); i++) {
      Thread thread = new Thread(this::work, "model-" + (i + 1));
      thread.setDaemon(true);
      thread.start();
      modelThreads.add(thread);
    }
  }

  /** This JVM's engine for a setup; to be released. Some that nobody uses stay loaded. */
  static ScoreEngine acquire(ScoreSetup setup) throws IOException {
    synchronized (ENGINES) {
      ScoreEngine engine = ENGINES.remove(setup);
      if (engine == null) {
        evict();
        KeptModels.releaseIdle();
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

  /** The models, for who decodes frames himself. */
  ScoreModels models() {
    return models;
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
    SparkMetrics.get().queue(1);
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
      decoders.replaceOne();
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
        SparkMetrics.get().queue(-1);
        bytes -= entry.frame().picture().pixels().length;
        job.waiting--;
      }
    }
  }

  /** Videos that a task keeps on their way: those in decoders, and enough for full batches. */
  int ahead() {
    return models.batch() * models.threads() + 2 * decoders.count();
  }

  /** Returns when the job is done, or soon in any case: who waits looks after the job's time. */
  synchronized void await(VideoJob job) throws InterruptedException {
    long end = System.nanoTime() + WAIT_NANOS;
    while (!job.isDone() && System.nanoTime() < end) {
      wait(WAIT_NANOS / 1_000_000);
    }
  }

  /** Scores batches until the engine is closed. */
  private void work() {
    try {
      models.startThread();
      for (List<Waiting> batch = take(); !batch.isEmpty(); batch = take()) {
        run(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for frames; none when the engine is closed. */
  private synchronized List<Waiting> take() throws InterruptedException {
    while (!closed) {
      awaitFullBatch();
      List<Waiting> batch = poll();
      if (!batch.isEmpty()) {
        return batch;
      }

      wait();
    }

    return List.of();
  }

  /** A batch costs the same full or not: waits a moment for a full one while videos are decoded. */
  private void awaitFullBatch() throws InterruptedException {
    long end = System.nanoTime() + FILL_NANOS;
    while (!ready.isEmpty()
        && ready.size() < models.batch()
        && decoding > 0
        && System.nanoTime() < end) {
      wait(FILL_NANOS / 1_000_000);
    }
  }

  /** The frames that have waited longest, all of the same rewards. */
  private List<Waiting> poll() {
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

    SparkMetrics.get().queue(-batch.size());
    return batch;
  }

  private void run(List<Waiting> batch) {
    List<RgbFrame> frames = batch.stream().map(entry -> entry.frame().picture()).toList();
    List<String> prompts = new ArrayList<>();
    batch.forEach(entry -> prompts.add(entry.job().item.prompt()));
    VideoJob first = batch.get(0).job();
    try {
      List<Map<String, Float>> scores = models.score(frames, prompts, first.rewards, first.clock);
      SparkMetrics.get().frames(batch.size());
      deliver(batch, scores, null);
    } catch (RuntimeException | Error e) { // the tasks that wait for the frames throw it
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
    update(() -> closed = true);
    decoders.close();
    modelThreads.forEach(ScoreEngine::join);
    models.close();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
