package instructvideo.spark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import instructvideo.nn.TorchEngine;
import instructvideo.reward.BatchRows;
import instructvideo.reward.FrameBatch;
import instructvideo.reward.ImageReward;
import instructvideo.spark.ScoreClock.Stage;
import instructvideo.video.RgbFrame;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rewards of an executor, loaded once. On a CPU each of several threads scores a batch of its
 * own with one thread for each operator: nobody waits for anybody, and what decoders take of the
 * processors holds up one batch only.
 */
final class ScoreModels implements AutoCloseable {

  private final NDManager manager;
  private final List<ImageReward> rewards;
  private final int batch;
  private final int threads;

  ScoreModels(ScoreSetup setup) throws IOException {
    TorchEngine.start(0);
    manager = NDManager.newBaseManager(TaskDevice.get(), "PyTorch");
    int cores = ExecutorCores.count();
    threads = manager.getDevice().isGpu() ? 1 : setup.threads() > 0 ? setup.threads() : cores;
    batch = setup.batch() > 0 ? setup.batch() : BatchRows.size(manager.getDevice());
    rewards =
        RewardFiles.load(setup.reward(), setup.interpolation(), setup.precision().type(), manager);
  }

  /** Of the wanted rewards, those that can score without a prompt. */
  Set<String> promptless(Set<String> wanted) {
    return wanted.stream()
        .filter(name -> rewards.stream().noneMatch(r -> r.name().equals(name) && r.needsPrompt()))
        .collect(Collectors.toSet());
  }

  /** How many threads may score at the same time. */
  int threads() {
    return threads;
  }

  /** To be called first by each of them. */
  void startThread() {
    TorchEngine.start(1); // operators' threads, and no recording of gradients
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
    return run(frames, prompts, wanted, null, clock).scores();
  }

  /**
   * What the models say of frames.
   *
   * @param scores of each frame, by the name of the reward
   * @param features of each frame, of length one; empty if none were asked for
   */
  record Scored(List<Map<String, Float>> scores, List<float[]> features) {}

  /**
   * Scores of each frame, and image features.
   *
   * @param frames at most {@link #batch}
   * @param features name of the reward whose image features are wanted, null for none
   */
  Scored run(
      List<RgbFrame> frames,
      List<String> prompts,
      Set<String> wanted,
      String features,
      ScoreClock clock) {
    long start = System.nanoTime();
    List<RgbFrame> filledFrames = BatchRows.filled(frames, batch);
    List<String> filledPrompts = BatchRows.filled(prompts, batch);
    List<Map<String, Float>> scores = new ArrayList<>();
    frames.forEach(frame -> scores.add(new TreeMap<>()));
    try (NDManager scope = manager.newSubManager()) {
      FrameBatch frameBatch = new FrameBatch(scope, filledFrames, filledPrompts);
      for (ImageReward reward : rewards) {
        if (wanted.contains(reward.name())) {
          add(reward.name(), score(reward, frameBatch), scores);
        }
      }

      List<float[]> rows = features == null ? List.of() : features(features, frameBatch);
      long preprocess = frameBatch.preprocessNanos();
      clock.add(Stage.PREPROCESS, preprocess);
      clock.add(Stage.MODEL, System.nanoTime() - start - preprocess);
      return new Scored(scores, rows.isEmpty() ? rows : rows.subList(0, frames.size()));
    }
  }

  private List<float[]> features(String name, FrameBatch batch) {
    ImageReward reward =
        rewards.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
    NDArray features = batch.imageFeatures(reward).orElseThrow(); // (n, d)
    FloatBuffer values = FloatBuffer.wrap(features.toFloatArray());
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      float[] row = new float[values.capacity() / batch.size()];
      values.get(row);
      rows.add(row);
    }

    return rows;
  }

  private static float[] score(ImageReward reward, FrameBatch batch) {
    if (reward.isConcurrent()) {
      return reward.score(batch);
    }

    synchronized (reward) {
      return reward.score(batch);
    }
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
