package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Numbers decoded frames in order of display by the packets that went into the decoder: a frame's
 * number is that of the packets shown before it, whether or not they could be decoded. Only packets
 * whose frames have not come out are kept.
 */
final class DisplayOrder {

  private final PriorityQueue<Pending> pending =
      new PriorityQueue<>(Comparator.comparingLong((Pending p) -> p.time));
  private Pending last = new Pending(AV_NOPTS_VALUE, false);
  private int sent;
  private int passed;
  private long earliest = AV_NOPTS_VALUE;
  private boolean damaged;
  private boolean untimed;

  /** A packet whose frame has not come out. */
  private static final class Pending {
    private final long time;
    private boolean suspect;

    private Pending(long time, boolean suspect) {
      this.time = time;
      this.suspect = suspect;
    }
  }

  /**
   * Begins at a key frame.
   *
   * @param before number of frames shown in the packets before
   */
  void start(int before) {
    pending.clear();
    sent = before;
    passed = before;
    last = new Pending(AV_NOPTS_VALUE, false);
    damaged = false;
    untimed = false;
  }

  /**
   * A packet that is shown goes into the decoder.
   *
   * @param suspect whether it depends on a damaged one
   */
  void send(long time, boolean suspect) {
    sent++;
    untimed |= time == AV_NOPTS_VALUE;
    last = new Pending(time, suspect);
    pending.add(last);
  }

  /** The packet that was sent last is damaged. */
  void damage() {
    last.suspect = true;
    damaged = true;
  }

  /** The number of a frame that came out. */
  int place(long time) {
    while (!pending.isEmpty() && pending.peek().time < time) {
      earlier(pending.remove().time);
      passed++;
    }

    earlier(time);
    int number = passed;
    damaged = false;
    if (!pending.isEmpty() && pending.peek().time == time) {
      damaged = pending.remove().suspect;
      passed++;
    }

    return number;
  }

  private void earlier(long time) {
    earliest = earliest == AV_NOPTS_VALUE ? time : Math.min(earliest, time);
  }

  /** Whether the frame placed last depends on a damaged packet. */
  boolean isSuspect() {
    return damaged;
  }

  /** Counts on from another number, after the frame placed last. */
  void renumber(int number, int placed) {
    passed -= placed - number;
    sent -= placed - number;
  }

  /** Whether a packet had no time, so that frames can only be counted as they come. */
  boolean isUntimed() {
    return untimed;
  }

  /** Number of shown packets up to the last one sent, those before the start included. */
  int sent() {
    return sent;
  }

  /** Number of packets whose frames have not come out. */
  int pending() {
    return pending.size();
  }

  /** The earliest time of all frames placed and passed over. */
  long earliest() {
    return earliest;
  }
}
