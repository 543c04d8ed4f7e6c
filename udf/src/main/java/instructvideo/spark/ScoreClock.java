package instructvideo.spark;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Nanoseconds by stage; threads add to it at the same time. */
public final class ScoreClock {

  /** Stages of scoring; decoding threads work beside the model, so their times add up to more. */
  public enum Stage {
    /** Bytes of videos from their store. */
    READ,
    /** Bytes to pictures. */
    DECODE,
    /** Pictures to the models' input. */
    PREPROCESS,
    /** The models. */
    MODEL,
    /** Rows to files. */
    WRITE
  }

  private final Map<Stage, LongAdder> nanos = new EnumMap<>(Stage.class);

  /** At zero. */
  public ScoreClock() {
    for (Stage stage : Stage.values()) {
      nanos.put(stage, new LongAdder());
    }
  }

  /** Adds to a stage. */
  public void add(Stage stage, long duration) {
    nanos.get(stage).add(duration);
  }

  /** Of a stage so far. */
  public long nanos(Stage stage) {
    return nanos.get(stage).sum();
  }
}
