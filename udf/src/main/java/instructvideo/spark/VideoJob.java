package instructvideo.spark;

import instructvideo.video.SampledFrame;
import instructvideo.video.VideoFacts;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** A video between its decoder and the models; guarded by its {@link ScoreEngine}. */
final class VideoJob {

  final ScoreItem item;
  final Set<String> rewards;
  final ScoreClock clock;

  /** Frames that wait for the models or are in them. */
  int waiting;

  private final SortedMap<Integer, ScoredFrame> frames = new TreeMap<>(); // by index
  private VideoFacts facts = VideoFacts.UNKNOWN;
  private String contentId;
  private String error;
  private Throwable failure;
  private boolean unreadable;
  private volatile boolean decoded;
  private volatile long startNanos; // 0 until a thread takes it
  private final AtomicLong blockedNanos = new AtomicLong();
  private volatile long blockedSince; // 0 while it does not wait for room

  private record ScoredFrame(double time, Map<String, Float> scores) {}

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

  /** Adds a frame's scores; those of several model threads come in any order. */
  void add(SampledFrame frame, Map<String, Float> scores) {
    frames.put(frame.index(), new ScoredFrame(frame.time(), scores));
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
    for (String reward : rewards) {
      byReward.put(reward, values(frame -> frame.scores.get(reward)));
    }

    int[] indices = frames.keySet().stream().mapToInt(Integer::intValue).toArray();
    double[] times = values(ScoredFrame::time);
    return new ScoredVideo(item, facts, contentId, indices, times, byReward, null);
  }

  private double[] values(ToDoubleFunction<ScoredFrame> value) {
    return frames.values().stream().mapToDouble(value).toArray();
  }
}
