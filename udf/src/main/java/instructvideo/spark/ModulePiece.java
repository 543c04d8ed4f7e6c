package instructvideo.spark;

import instructvideo.lora.LoraNames;
import instructvideo.train.WorkerResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What one worker has of one module: the slice of the state that travels through the shuffle.
 *
 * @param samples the worker's, its weight in the average
 * @param rank of the two matrices
 * @param arrays loraA (rank, in) and loraB (out, rank), then the moments of both if there are any:
 *     expAvg A, expAvg B, expAvgSq A, expAvgSq B
 */
record ModulePiece(int worker, int samples, int rank, List<float[]> arrays)
    implements Serializable {

  static ModulePiece of(
      String module, int worker, WorkerResult result, SortedMap<String, long[]> shapes) {
    String a = LoraNames.loraA(module);
    String b = LoraNames.loraB(module);
    List<float[]> arrays = new ArrayList<>();
    arrays.add(result.weights().get(a));
    arrays.add(result.weights().get(b));
    if (result.expAvg().containsKey(a)) {
      arrays.add(result.expAvg().get(a));
      arrays.add(result.expAvg().get(b));
      arrays.add(result.expAvgSq().get(a));
      arrays.add(result.expAvgSq().get(b));
    }

    int rank = (int) shapes.get(a)[0];
    return new ModulePiece(worker, result.metrics().samples(), rank, arrays);
  }
}
