package instructvideo.spark;

import instructvideo.video.SampledFrame;
import instructvideo.video.VideoFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** A video between its decoder and the models; guarded by its {@link ScoreEngine}. */
final class VideoJob {

  final ScoreItem item;
  final Set<String> rewards;
  final ScoreClock clock;

  /** Frames that wait for the models or are in them. */
  int waiting;

  private final List<Integer> indices = new ArrayList<>();
  private final List<Double> times = new ArrayList<>();
  private final Map<String, List<Double>> scores = new TreeMap<>();
  private VideoFacts facts = VideoFacts.UNKNOWN;
  private String contentId;
  private String error;
  private Throwable failure;
  private boolean unreadable;
  private volatile boolean decoded;
  private volatile long startNanos; // 0 until a thread takes it
  private final AtomicLong blockedNanos = new AtomicLong();
  private volatile long blockedSince; // 0 while it does not wait for room

  /**
   * A new one.
   *
   * @param rewards of the wanted ones those that have what they need
   */
  VideoJob(ScoreItem item, Set<String> rewards, ScoreClock clock) {
    this.item = item;
    this.rewards = rewards;
    this.clock = clock;
    contentId = item.contentId();
  }

  /** A thread began with it. */
  void start() {
    startNanos = System.nanoTime();
  }

  void block() {
    blockedSince = System.nanoTime();
  }

  void unblock() {
    blockedNanos.addAndGet(System.nanoTime() - blockedSince);
    blockedSince = 0;
  }

  long blockedNanos() {
    return blockedNanos.get();
  }

  /** Nanoseconds of reading and decoding so far. */
  long activeNanos() {
    if (startNanos == 0) {
      return 0;
    }

    long now = System.nanoTime();
    long blocked = blockedNanos.get() + (blockedSince == 0 ? 0 : now - blockedSince);
    return now - startNanos - blocked;
  }

  boolean isDone() {
    return failure != null || (decoded && waiting == 0);
  }

  boolean isDecoded() {
    return decoded;
  }

  void identify(String id) {
    contentId = id;
  }

  /** Adds a frame's scores; frames come in their order. */
  void add(SampledFrame frame, Map<String, Float> frameScores) {
    indices.add(frame.index());
    times.add(frame.time());
    frameScores.forEach(
        (reward, score) ->
            scores.computeIfAbsent(reward, name -> new ArrayList<>()).add((double) score));
  }

  void finish(VideoFacts known) {
    facts = known;
    decoded = true;
  }

  /** Ends it without a score. */
  void reject(String reason) {
    error = reason;
    decoded = true;
  }

  /** Ends it without a score, since its store did not give its bytes. */
  void rejectUnreadable(String reason) {
    unreadable = true;
    reject(reason);
  }

  boolean isUnreadable() {
    return unreadable;
  }

  /** Ends it, and the task that waits for it. */
  void fail(Throwable cause) {
    failure = cause;
    decoded = true;
  }

  Throwable failure() {
    return failure;
  }

  ScoredVideo result() {
    if (error != null) {
      return new ScoredVideo(
          item, facts, contentId, new int[0], new double[0], new TreeMap<>(), error);
    }

    Map<String, double[]> byReward = new TreeMap<>();
    scores.forEach((reward, list) -> byReward.put(reward, doubles(list)));
    return new ScoredVideo(
        item,
        facts,
        contentId,
        indices.stream().mapToInt(Integer::intValue).toArray(),
        doubles(times),
        byReward,
        null);
  }

  private static double[] doubles(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
