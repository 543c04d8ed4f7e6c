package instructvideo.spark;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The models that this JVM keeps for one kind of job. They serve one task at a time. Those of
 * different kinds do not stay side by side: whoever loads frees what no task uses.
 */
final class KeptModels<M extends AutoCloseable> {

  private static final List<KeptModels<?>> ALL = new CopyOnWriteArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private M models;
  private String key;

  KeptModels() {
    ALL.add(this);
  }

  /** How models are made. */
  interface Loader<M> {
    /** Loads them. */
    M load() throws IOException;
  }

  /** What a task does with models. */
  interface Task<M, R> {
    /** Uses them. */
    R run(M models) throws IOException;
  }

  /**
   * Runs a task with the models of a key, which are loaded if others are here.
   *
   * @param key that tells models apart
   */
  <R> R use(String key, Loader<M> loader, Task<M, R> task) throws IOException {
    lock.lock();
    try {
      if (models == null || !key.equals(this.key)) {
        close();
        releaseIdle();
        ScoreEngine.releaseAll();
        models = loader.load();
        this.key = key;
      }

      return task.run(models);
    } finally {
      lock.unlock();
    }
  }

  /** Frees the models; waits for the task that uses them. */
  void release() {
    lock.lock();
    try {
      close();
    } finally {
      lock.unlock();
    }
  }

  /** Frees all models that no task uses but those of this thread. Waits for nobody. */
  static void releaseIdle() {
    for (KeptModels<?> kept : ALL) {
      if (!kept.lock.isHeldByCurrentThread() && kept.lock.tryLock()) {
        try {
          kept.close();
        } finally {
          kept.lock.unlock();
        }
      }
    }
  }

  private void close() {
    if (models == null) {
      return;
    }

    try (M closed = models) {
      models = null;
      key = null;
    } catch (Exception e) {
      throw new IllegalStateException("Cannot free models: " + e.getMessage(), e);
    }
  }
}
