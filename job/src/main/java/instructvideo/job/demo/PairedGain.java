package instructvideo.job.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

record PairedGain(
    PairedGain.Mean before, PairedGain.Mean after, PairedGain.Mean gain, int better, int videos) {
  static PairedGain of(
      List<Evaluation.Video> before,
      List<Evaluation.Video> after,
      ToDoubleFunction<Evaluation.Video> measure) {
    Map<String, List<double[]>> byCaption = new LinkedHashMap<>();
    int better = 0;

    for (int i = 0; i < before.size(); i++) {
      double[] pair =
          new double[] {measure.applyAsDouble(before.get(i)), measure.applyAsDouble(after.get(i))};
      better += pair[1] > pair[0] ? 1 : 0;
      byCaption.computeIfAbsent(before.get(i).caption(), key -> new ArrayList<>()).add(pair);
    }

    List<Double> first = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    List<Double> gains = new ArrayList<>();

    for (List<double[]> pairs : byCaption.values()) {
      double from = pairs.stream().mapToDouble(pair -> pair[0]).average().orElseThrow();
      double to = pairs.stream().mapToDouble(pair -> pair[1]).average().orElseThrow();
      first.add(from);
      second.add(to);
      gains.add(to - from);
    }

    return new PairedGain(
        PairedGain.Mean.of(first),
        PairedGain.Mean.of(second),
        PairedGain.Mean.of(gains),
        better,
        before.size());
  }

  record Mean(double value, double standardError) {
    @Override
    public String toString() {
      return Double.isNaN(standardError)
          ? String.format(Locale.ROOT, "%.3f", value)
          : String.format(Locale.ROOT, "%.3f +- %.3f", value, standardError);
    }

    static PairedGain.Mean of(List<Double> values) {
      int n = values.size();
      double mean = values.stream().mapToDouble(Double::doubleValue).sum() / n;
      double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
      return new PairedGain.Mean(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n));
    }
  }
}
