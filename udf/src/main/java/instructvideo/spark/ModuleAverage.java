package instructvideo.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The workers' average of one module, weighted by samples, and how far it is from the average of
 * the updates themselves: mean(B) mean(A) is not mean(B A).
 *
 * @param arrays as in {@link ModulePiece}
 * @param gapSquare ||mean(B A) - mean(B) mean(A)||^2
 * @param normSquare ||mean(B A)||^2
 */
public record ModuleAverage(List<float[]> arrays, double gapSquare, double normSquare)
    implements Serializable {

  /** Sums in the order of the workers, in double: the same bits whatever came first. */
  static ModuleAverage of(Iterable<ModulePiece> unordered) {
    List<ModulePiece> pieces =
        StreamSupport.stream(unordered.spliterator(), false)
            .filter(piece -> piece.samples() > 0)
            .sorted(Comparator.comparingInt(ModulePiece::worker))
            .toList();
    double samples = pieces.stream().mapToDouble(ModulePiece::samples).sum();
    List<float[]> arrays = new ArrayList<>();
    for (int i = 0; !pieces.isEmpty() && i < pieces.get(0).arrays().size(); i++) {
      arrays.add(mean(pieces, i, samples));
    }

    return pieces.size() < 2
        ? new ModuleAverage(arrays, 0, pieces.isEmpty() ? 0 : square(product(pieces.get(0), 1)))
        : withGap(pieces, arrays, samples);
  }

  private static float[] mean(List<ModulePiece> pieces, int array, double samples) {
    double[] sum = new double[pieces.get(0).arrays().get(array).length];
    for (ModulePiece piece : pieces) {
      float[] values = piece.arrays().get(array);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) piece.samples() * values[i];
      }
    }

    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / samples);
    }

    return mean;
  }

  private static ModuleAverage withGap(
      List<ModulePiece> pieces, List<float[]> arrays, double samples) {
    int rank = pieces.get(0).rank();
    double[] meanOfProducts =
        new double[arrays.get(0).length / rank * (arrays.get(1).length / rank)];
    for (ModulePiece piece : pieces) {
      add(meanOfProducts, product(piece, piece.samples() / samples));
    }

    double norm = square(meanOfProducts);
    add(meanOfProducts, product(new ModulePiece(0, 1, rank, arrays), -1));
    return new ModuleAverage(arrays, square(meanOfProducts), norm);
  }

  /** scale * B A, (out, in). */
  private static double[] product(ModulePiece piece, double scale) {
    int rank = piece.rank();
    float[] a = piece.arrays().get(0);
    float[] b = piece.arrays().get(1);
    int in = a.length / rank;
    int out = b.length / rank;
    double[] product = new double[out * in];
    for (int o = 0; o < out; o++) {
      for (int r = 0; r < rank; r++) {
        double factor = scale * b[o * rank + r];
        for (int i = 0; i < in; i++) {
          product[o * in + i] += factor * a[r * in + i];
        }
      }
    }

    return product;
  }

  private static void add(double[] sum, double[] other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
  }

  private static double square(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }

    return sum;
  }
}
