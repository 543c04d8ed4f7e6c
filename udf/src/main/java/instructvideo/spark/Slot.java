package instructvideo.spark;

import java.io.Serializable;

/**
 * The place of a sample in a round.
 *
 * @param worker that trains on it
 * @param index among the worker's samples, in order of the steps
 * @param epoch how many times the table was gone through before
 */
public record Slot(int worker, int index, int epoch) implements Serializable, Comparable<Slot> {

  @Override
  public int compareTo(Slot other) {
    return worker == other.worker
        ? Integer.compare(index, other.index)
        : Integer.compare(worker, other.worker);
  }
}
