package instructvideo.spark;

import ai.djl.ndarray.NDManager;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.BatchRows;
import instructvideo.reward.FrameBatch;
import instructvideo.reward.ImageReward;
import instructvideo.spark.ScoreClock.Stage;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rewards of an executor, loaded once; one thread at a time. */
final class ScoreModels implements AutoCloseable {

  private final NDManager manager;
  private final List<ImageReward> rewards;
  private final int batch;

  ScoreModels(ScoreSetup setup) throws IOException {
    TorchEngine.start(setup.threads());
    manager = NDManager.newBaseManager(TaskDevice.get(), "PyTorch");
    batch = setup.batch() > 0 ? setup.batch() : BatchRows.size(manager.getDevice());
    rewards =
        RewardFiles.load(setup.reward(), setup.interpolation(), setup.precision().type(), manager);
  }

  /** Of the wanted rewards, those that can score without a prompt. */
  Set<String> promptless(Set<String> wanted) {
    return wanted.stream()
        .filter(name -> rewards.stream().noneMatch(r -> r.name().equals(name) && r.needsPrompt()))
        .collect(java.util.stream.Collectors.toSet());
  }

  /** Frames that are scored at once. */
  int batch() {
    return batch;
  }

  /**
   * The scores of each frame, by the name of the reward.
   *
   * @param frames at most {@link #batch}
   */
  List<Map<String, Float>> score(
      List<RgbFrame> frames, List<String> prompts, Set<String> wanted, ScoreClock clock) {
    long start = System.nanoTime();
    List<RgbFrame> filledFrames = BatchRows.filled(frames, batch);
    List<String> filledPrompts = BatchRows.filled(prompts, batch);
    List<Map<String, Float>> scores = new ArrayList<>();
    frames.forEach(frame -> scores.add(new TreeMap<>()));
    try (NDManager scope = manager.newSubManager()) {
      FrameBatch batch = new FrameBatch(scope, filledFrames, filledPrompts);
      for (ImageReward reward : rewards) {
        if (wanted.contains(reward.name())) {
          add(reward.name(), reward.score(batch), scores);
        }
      }

      long preprocess = batch.preprocessNanos();
      clock.add(Stage.PREPROCESS, preprocess);
      clock.add(Stage.MODEL, System.nanoTime() - start - preprocess);
    }

    return scores;
  }

  private static void add(String reward, float[] values, List<Map<String, Float>> scores) {
    if (values.length < scores.size()) {
      throw new IllegalStateException(
          "Cannot score: reward %s gave %d scores for %d frames"
              .formatted(reward, values.length, scores.size()));
    }

    for (int i = 0; i < scores.size(); i++) {
      scores.get(i).put(reward, values[i]);
    }
  }

  @Override
  public void close() {
    rewards.forEach(ImageReward::close);
    manager.close();
  }
}
