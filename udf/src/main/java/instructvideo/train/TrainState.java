package instructvideo.train;

import instructvideo.lora.LoraState;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that training changes, between two rounds.
 *
 * @param lora the LoRA weights
 * @param expAvg AdamW's first moments by name; empty before the first step, or for SGD
 * @param expAvgSq AdamW's second moments by name
 * @param outerMomentum of the outer optimizer by name; empty if it has none
 * @param step optimizer steps made
 * @param round rounds made
 * @param position samples seen by all workers together
 */
public record TrainState(
    LoraState lora,
    SortedMap<String, float[]> expAvg,
    SortedMap<String, float[]> expAvgSq,
    SortedMap<String, float[]> outerMomentum,
    int step,
    int round,
    long position)
    implements Serializable {

  /** Before the first round. */
  public static TrainState begin(LoraState lora) {
    return new TrainState(lora, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0, 0, 0);
  }
}
