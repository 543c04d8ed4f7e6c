package instructvideo.reward;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches of one size, which give a row the same bits whoever its neighbours are and whenever they
 * came. Matrix products choose their kernels by size: measured with libtorch 2.7.1 on a CPU, the
 * same picture's score differs in its last bits between batches of 1, 4 and 12. (That the place in
 * a batch does not matter takes MKL's reproducible mode too, see TorchEngine.)
 */
public final class BatchRows {

  private static final int CPU = 4; // as fast for each as 16
  private static final int GPU = 16;

  private BatchRows() {}

  /** The size that a device is fast with. */
  public static int size(Device device) {
    return device.isGpu() ? GPU : CPU;
  }

  /** The list with its last element again and again up to a size. */
  public static <T> List<T> filled(List<T> list, int size) {
    List<T> filled = new ArrayList<>(list);
    while (filled.size() < size) {
      filled.add(list.get(list.size() - 1));
    }

    return filled;
  }

  /** The list in pieces of a size, the last one filled. */
  static <T> List<List<T>> pieces(List<T> list, int size) {
    List<List<T>> pieces = new ArrayList<>();
    for (int at = 0; at < list.size(); at += size) {
      pieces.add(filled(list.subList(at, Math.min(at + size, list.size())), size));
    }

    return pieces;
  }
}
