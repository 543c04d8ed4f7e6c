package instructvideo.reward;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes of batches that give a row the same bits whoever its neighbours are. Matrix products treat
 * what is left over of a block in another way than whole blocks: measured with libtorch 2.7.1, the
 * features of a picture are the same in batches of 4, 8, 12 and 16, and in any place there, and
 * differ in the last bits in batches of 1, 2, 3, 5 and 7.
 */
public final class BatchRows {

  private static final int CPU = 4;
  private static final int GPU = 16; // kernels are chosen by size; not measured

  private BatchRows() {}

  /** The number that batches should be a multiple of. */
  public static int multiple(Device device) {
    return device.isGpu() ? GPU : CPU;
  }

  /** The list with its last element again and again up to a multiple. */
  public static <T> List<T> filled(List<T> list, int multiple) {
    List<T> filled = new ArrayList<>(list);
    while (filled.size() % multiple != 0) {
      filled.add(list.get(list.size() - 1));
    }

    return filled;
  }
}
