package instructvideo.job.evaluate;

import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Percentile intervals of a mean difference. Videos of one prompt are no independent evidence, so
 * prompts are drawn, with replacement, each with all of its pairs (the cluster bootstrap; Efron and
 * Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13). The same pairs give the
 * same interval.
 *
 * @param confidence such as 0.95
 */
record Bootstrap(long seed, int resamples, double confidence) {

  /** The mean over all pairs and its interval. */
  Difference difference(List<Pair> pairs) {
    Map<List<String>, List<Double>> byPrompt = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      byPrompt
          .computeIfAbsent(List.of(pair.set(), pair.promptId()), prompt -> new ArrayList<>())
          .add(pair.difference());
    }

    List<List<Double>> prompts = new ArrayList<>(byPrompt.values());
    double[] sums = prompts.stream().mapToDouble(Bootstrap::sum).toArray();
    int[] counts = prompts.stream().mapToInt(List::size).toArray();
    double mean = Arrays.stream(sums).sum() / pairs.size();
    if (sums.length < 2) {
      return new Difference(mean, null, null);
    }

    double[] means = means(sums, counts);
    double tail = (1 - confidence) / 2;
    return new Difference(mean, quantile(means, tail), quantile(means, 1 - tail));
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Of each resample, sorted. */
  private double[] means(double[] sums, int... counts) {
    CounterRandom random = CounterRandom.of(seed, 0, "", 0, Purpose.BOOTSTRAP);
    double[] means = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      double sum = 0;
      long count = 0;
      for (int draw = 0; draw < sums.length; draw++) {
        int prompt = random.nextInt(sums.length);
        sum += sums[prompt];
        count += counts[prompt];
      }

      means[i] = sum / count;
    }

    Arrays.sort(means);
    return means;
  }

  /** Between the two nearest, as numpy's default. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int low = (int) Math.floor(at);
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
