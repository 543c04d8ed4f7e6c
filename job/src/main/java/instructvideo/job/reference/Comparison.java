package instructvideo.job.reference;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors against what they should be, each by the measures that its name calls for. */
final class Comparison {

  static final double FORWARD = 2e-4;
  static final double GRADIENT = 2e-3;

  /** Gradients below this share of the largest of all are rounding, and measured against it. */
  private static final double GRADIENT_FLOOR = 5e-5;

  private final Map<String, NDArray> expected;
  private final Map<String, NDArray> actual;
  private final double lr;
  private final double gradientFloor;
  private final Map<String, Row> rows = new LinkedHashMap<>();

  private Comparison(Map<String, NDArray> expected, Map<String, NDArray> actual, double lr) {
    this.expected = expected;
    this.actual = actual;
    this.lr = lr;
    gradientFloor =
        GRADIENT_FLOOR
            * expected.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("grad."))
                .mapToDouble(entry -> max(entry.getValue().toFloatArray()))
                .max()
                .orElse(0);
  }

  /**
   * One line of the table.
   *
   * @param group name of a tensor, or of all gradients
   * @param measure what the difference is of
   * @param tolerance of the worst tensor
   * @param worst the tensor with the largest share of its tolerance
   * @param difference of the worst tensor; NaN if a tensor is not comparable
   * @param failed tensors above the tolerance
   * @param problem of a tensor that is not comparable, else ""
   */
  record Row(
      String group,
      String measure,
      double tolerance,
      int count,
      String worst,
      String shape,
      double difference,
      int failed,
      String problem) {

    boolean passed() {
      return failed == 0;
    }

    private double share() {
      return difference == 0 ? 0 : difference / tolerance;
    }

    private Row plus(Row other) {
      boolean otherIsWorse = !(other.share() <= share()) && !Double.isNaN(share());
      Row worse = otherIsWorse ? other : this;
      return new Row(
          group,
          measure,
          worse.tolerance,
          count + other.count,
          worse.worst,
          worse.shape,
          worse.difference,
          failed + other.failed,
          worse.problem);
    }
  }

  /** The table, in the order of the tensors that were computed. */
  static List<Row> of(Map<String, NDArray> expected, Map<String, NDArray> actual, double lr) {
    Comparison comparison = new Comparison(expected, actual, lr);
    actual.keySet().forEach(comparison::compare);
    expected.keySet().stream()
        .filter(name -> !actual.containsKey(name))
        .forEach(name -> comparison.add(name, "", 0, Double.NaN, "not computed from this case"));
    return new ArrayList<>(comparison.rows.values());
  }

  private void compare(String name) {
    NDArray b = expected.get(name);
    NDArray a = actual.get(name);
    if (b == null) {
      add(name, "", 0, Double.NaN, "not in expected.safetensors");
    } else if (!a.getShape().equals(b.getShape()) || a.getDataType() != b.getDataType()) {
      add(name, "", 0, Double.NaN, "expected is " + b.getDataType() + " " + b.getShape());
    } else if (!a.getDataType().isFloating()) {
      add(name, "different", 0, different(a.toLongArray(), b.toLongArray()), "");
    } else if (name.startsWith("grad.")) {
      gradient(name, a.toFloatArray(), b.toFloatArray());
    } else if (name.startsWith("adamw.")) {
      step(name, a.toFloatArray(), b.toFloatArray());
    } else {
      float[] y = b.toFloatArray();
      add(name, "of maximum", FORWARD, ratio(distance(a.toFloatArray(), y), max(y)), "");
    }
  }

  private void gradient(String name, float[] a, float[] b) {
    double floor = gradientFloor * Math.sqrt(b.length);
    add(name, "relative L2", GRADIENT, ratio(norm(a, b), Math.max(norm(b), floor)), "");
    add(name, "of maximum", GRADIENT, ratio(distance(a, b), gradientScale(b)), "");
  }

  private double gradientScale(float[] gradient) {
    return Math.max(max(gradient), gradientFloor);
  }

  /**
   * Where the gradient is near AdamW's eps, any two steps may be 2 lr apart; the second measure
   * knows where.
   */
  private void step(String name, float[] a, float[] b) {
    double largest = max(b);
    double limit = Math.max(FORWARD, 2 * lr / largest);
    add(name, "of maximum", limit, ratio(distance(a, b), largest), "");
    NDArray gradient = actual.get(name.replaceFirst("^adamw", "grad"));
    float[] g = gradient.toFloatArray();
    StepTolerance tolerance = new StepTolerance(lr, GRADIENT * gradientScale(g));
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs((double) a[i] - b[i]) / tolerance.of(a[i], g[i]));
    }

    add(name, "of step's bound", 1, worst, "");
  }

  private void add(
      String name, String measure, double tolerance, double difference, String problem) {
    String group = name.replaceFirst("^(grad|adamw)\\..*", "$1.*");
    NDArray tensor = actual.getOrDefault(name, expected.get(name));
    int failed = difference <= tolerance ? 0 : 1;
    Row row =
        new Row(
            group,
            measure,
            tolerance,
            1,
            name,
            tensor.getShape().toString(),
            difference,
            failed,
            problem);
    rows.merge(group + measure, row, Row::plus);
  }

  private static double different(long[] a, long[] b) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }

    return count;
  }

  private static double ratio(double difference, double scale) {
    return difference == 0 ? 0 : difference / scale;
  }

  private static double distance(float[] a, float[] b) {
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs((double) a[i] - b[i]));
    }

    return worst;
  }

  private static double max(float[] values) {
    return distance(values, new float[values.length]);
  }

  private static double norm(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }

    return Math.sqrt(sum);
  }

  private static double norm(float[] values) {
    return norm(values, new float[values.length]);
  }
}
