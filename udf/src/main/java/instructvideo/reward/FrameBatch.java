package instructvideo.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import instructvideo.clip.ClipModel;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Functional;
import instructvideo.video.RgbFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures that are scored together, of any sizes and of different videos, each with its prompt.
 * What rewards have in common is computed once: a transform's tensors, a model's features.
 */
public final class FrameBatch {

  private static final double WHITE = 255;

  private final NDManager manager;
  private final List<RgbFrame> frames;
  private final List<String> prompts;
  private final Map<ImagePreprocessor, NDArray> images = new HashMap<>();
  private final Map<FeatureKey, NDArray> features = new HashMap<>();
  private long preprocessNanos;

  /**
   * A batch on a manager's device.
   *
   * @param manager of this batch; closed after it
   * @param prompts one for each frame, null where a video has none
   */
  public FrameBatch(NDManager manager, List<RgbFrame> frames, List<String> prompts) {
    if (frames.size() != prompts.size()) {
      throw new IllegalArgumentException(
          "Invalid batch: %d frames, %d prompts".formatted(frames.size(), prompts.size()));
    }

    this.manager = manager;
    this.frames = List.copyOf(frames);
    this.prompts = Collections.unmodifiableList(new ArrayList<>(prompts)); // may hold null
  }

  private record FeatureKey(ClipModel clip, ImagePreprocessor preprocessor) {}

  /** Owner of the batch's tensors. */
  public NDManager manager() {
    return manager;
  }

  /** The pictures. */
  public List<RgbFrame> frames() {
    return frames;
  }

  /** One for each picture, null where a video has none. */
  public List<String> prompts() {
    return prompts;
  }

  /** How many pictures there are. */
  public int size() {
    return frames.size();
  }

  /**
   * The pictures as an image tower takes them; each is transformed alone.
   *
   * @return (n, 3, S, S), owned by the batch
   */
  public NDArray images(ImagePreprocessor preprocessor) {
    return images.computeIfAbsent(preprocessor, this::preprocess);
  }

  /**
   * The features of the pictures.
   *
   * @return (n, d), of length one, owned by the batch
   */
  public NDArray imageFeatures(ClipReward clip) {
    NDArray input = images(clip.preprocessor());
    return features.computeIfAbsent(
        new FeatureKey(clip.clip(), clip.preprocessor()),
        key -> key.clip.imageFeatures(input, BlockRunner.FREEING));
  }

  /**
   * The features of the pictures as a reward sees them.
   *
   * @return as {@link #imageFeatures(ClipReward)}; empty of a user's class, which may have none
   */
  public Optional<NDArray> imageFeatures(ImageReward reward) {
    return reward instanceof ImageTower tower
        ? Optional.of(imageFeatures(tower.clip()))
        : Optional.empty();
  }

  /** Nanoseconds that {@link #images} has taken so far; the rest of a score's time is models'. */
  public long preprocessNanos() {
    return preprocessNanos;
  }

  private NDArray preprocess(ImagePreprocessor preprocessor) {
    long start = System.nanoTime();
    NDArray all;
    try (NDManager scope = manager.newSubManager()) {
      NDList parts = new NDList(frames.size());
      for (RgbFrame frame : frames) {
        parts.add(preprocess(frame, preprocessor, scope));
      }

      all = NDArrays.concat(parts);
      all.attach(manager);
    }

    preprocessNanos += System.nanoTime() - start;
    return all;
  }

  /** (1, 3, S, S). */
  private static NDArray preprocess(RgbFrame frame, ImagePreprocessor preprocessor, NDManager all) {
    try (NDManager scope = all.newSubManager()) {
      Shape shape = new Shape(1, frame.height(), frame.width(), 3);
      NDArray pixels = scope.create(ByteBuffer.wrap(frame.pixels()), shape, DataType.UINT8);
      NDArray image = Functional.divide(Functional.float32(pixels.transpose(0, 3, 1, 2)), WHITE);
      NDArray result = preprocessor.forward(image);
      result.attach(all);
      return result;
    }
  }
}
