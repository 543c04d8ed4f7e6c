package instructvideo.job.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A measure of the same videos before and after. Videos of one caption are no independent evidence:
 * they are averaged first, and the standard errors are over captions.
 *
 * @param gain of after over before, caption by caption
 * @param better videos with a higher value after
 * @param videos all videos
 */
record PairedGain(Mean before, Mean after, Mean gain, int better, int videos) {

  /** Compares two lists of videos: of the same captions, in the same order. */
  static PairedGain of(
      List<Evaluation.Video> before,
      List<Evaluation.Video> after,
      ToDoubleFunction<Evaluation.Video> measure) {
    Map<String, List<Pair>> byCaption = new LinkedHashMap<>();
    int better = 0;
    for (int i = 0; i < before.size(); i++) {
      Pair pair =
          new Pair(measure.applyAsDouble(before.get(i)), measure.applyAsDouble(after.get(i)));
      better += pair.after > pair.before ? 1 : 0;
      byCaption.computeIfAbsent(before.get(i).caption(), key -> new ArrayList<>()).add(pair);
    }
    List<Pair> captions = byCaption.values().stream().map(Pair::mean).toList();
    return new PairedGain(
        Mean.of(captions, Pair::before),
        Mean.of(captions, Pair::after),
        Mean.of(captions, pair -> pair.after - pair.before),
        better,
        before.size());
  }

  private record Pair(double before, double after) {

    static Pair mean(List<Pair> pairs) {
      return new Pair(
          pairs.stream().mapToDouble(Pair::before).average().orElseThrow(),
          pairs.stream().mapToDouble(Pair::after).average().orElseThrow());
    }
  }

  /**
   * A mean over captions.
   *
   * @param standardError NaN for a single caption
   */
  record Mean(double value, double standardError) {

    private static Mean of(List<Pair> pairs, ToDoubleFunction<Pair> measure) {
      int n = pairs.size();
      double mean = pairs.stream().mapToDouble(measure).sum() / n;
      double squares = pairs.stream().mapToDouble(measure).map(v -> (v - mean) * (v - mean)).sum();
      return new Mean(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n));
    }

    @Override
    public String toString() {
      return Double.isNaN(standardError)
          ? String.format(Locale.ROOT, "%.3f", value)
          : String.format(Locale.ROOT, "%.3f +- %.3f", value, standardError);
    }
  }
}
