package instructvideo.job.evaluate;

import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.measure.Measure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Pairs up videos and compares every metric. */
final class Comparisons {

  private final List<Metric> metrics = new ArrayList<>();
  private final Bootstrap bootstrap;
  private final int extremes;

  /**
   * Compares the scores by some rewards, and all measures.
   *
   * @param extremes prompts that gained and lost most, at most
   */
  Comparisons(Collection<String> rewards, Bootstrap bootstrap, int extremes) {
    rewards.forEach(reward -> metrics.add(new Metric.Score(reward)));
    for (Measure measure : Measure.values()) {
      metrics.add(new Metric.Measured(measure));
    }

    this.bootstrap = bootstrap;
    this.extremes = extremes;
  }

  /**
   * Each adapter against the model alone, set by set, then all sets together where there are
   * several; adapters, numbers of steps and sets in the order in which they come first.
   */
  List<Comparison> of(List<EvaluatedVideo> videos) {
    List<String> adapters =
        videos.stream()
            .map(EvaluatedVideo::adapter)
            .filter(adapter -> !adapter.equals(EvaluationSummary.BASE))
            .distinct()
            .toList();
    List<Integer> lengths = videos.stream().map(EvaluatedVideo::ddimSteps).distinct().toList();
    List<String> sets =
        new ArrayList<>(videos.stream().map(EvaluatedVideo::set).distinct().toList());
    if (sets.size() > 1) {
      sets.add(EvaluationSummary.ALL);
    }

    List<PromptVideos> prompts = PromptVideos.group(videos);
    List<Comparison> comparisons = new ArrayList<>();
    for (String adapter : adapters) {
      for (int ddimSteps : lengths) {
        for (String set : sets) {
          List<PromptVideos> chosen =
              prompts.stream()
                  .filter(prompt -> prompt.ddimSteps() == ddimSteps)
                  .filter(prompt -> isIn(prompt, set, sets))
                  .toList();
          for (Metric metric : metrics) {
            compare(set, ddimSteps, adapter, metric, chosen).ifPresent(comparisons::add);
          }
        }
      }
    }

    return comparisons;
  }

  private static boolean isIn(PromptVideos prompt, String set, List<String> sets) {
    boolean isAll = sets.size() > 1 && set.equals(EvaluationSummary.ALL);
    return isAll || prompt.set().equals(set);
  }

  private Optional<Comparison> compare(
      String set, int ddimSteps, String adapter, Metric metric, List<PromptVideos> prompts) {
    List<Pair> pairs = new ArrayList<>();
    int missing = 0;
    for (PromptVideos prompt : prompts) {
      PromptVideos.Pairs found = prompt.pairs(metric, adapter);
      pairs.addAll(found.pairs());
      missing += found.missing();
    }

    return new PairedMetric(set, ddimSteps, adapter, metric, pairs, missing)
        .compare(bootstrap, extremes);
  }
}
