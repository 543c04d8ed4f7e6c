package instructvideo.reward;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A score of pictures, such as HPSv2; the one interface that built-in and users' rewards have. An
 * executor loads each once and calls it from one thread at a time, on which no gradients are
 * recorded.
 *
 * <p>A user's is a public class with a public constructor without arguments, in a jar whose file
 * {@code META-INF/services/instructvideo.reward.ImageReward} names it.
 */
public interface ImageReward extends AutoCloseable {

  /** As in {@code --reward NAME}. */
  String name();

  /** Whether a picture is scored for a prompt; of rewards that do not, prompts may be null. */
  boolean needsPrompt();

  /**
   * The score of each picture of a batch.
   *
   * @return as many as the batch has pictures
   */
  float[] score(FrameBatch batch);

  /** Whether several threads may call {@link #score} at the same time. */
  default boolean isConcurrent() {
    return false;
  }

  /** Frees what {@link #load} took. */
  @Override
  default void close() {}

  /**
   * Loads weights; called once, before anything else but {@link #name}.
   *
   * @param manager owner of all tensors, on the executor's device
   * @param weights what {@code --reward NAME=PATH} names, as a local file or directory; null where
   *     it names nothing
   */
  default void load(NDManager manager, Path weights) throws IOException {}
}
