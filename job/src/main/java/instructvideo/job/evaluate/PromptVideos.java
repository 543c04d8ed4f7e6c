package instructvideo.job.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The videos of one prompt and number of steps, by adapter and copy: those of one copy began with
 * the same noise.
 */
record PromptVideos(
    String set, int ddimSteps, Map<String, NavigableMap<Integer, EvaluatedVideo>> byAdapter) {

  private record Key(String set, int ddimSteps, String promptId) {}

  /** Pairs of a prompt, and how many are missing. */
  record Pairs(List<Pair> pairs, int missing) {}

  /** In the order in which the prompts come first. */
  static List<PromptVideos> group(List<EvaluatedVideo> videos) {
    Map<Key, PromptVideos> prompts = new LinkedHashMap<>();
    for (EvaluatedVideo video : videos) {
      prompts
          .computeIfAbsent(
              new Key(video.set(), video.ddimSteps(), video.promptId()),
              key -> new PromptVideos(key.set, key.ddimSteps, new HashMap<>()))
          .byAdapter
          .computeIfAbsent(video.adapter(), adapter -> new TreeMap<>())
          .put(video.copy(), video);
    }

    return List.copyOf(prompts.values());
  }

  /** A metric's values of an adapter beside those of the model alone. */
  Pairs pairs(Metric metric, String adapter) {
    NavigableMap<Integer, EvaluatedVideo> base = side(EvaluationSummary.BASE);
    NavigableMap<Integer, EvaluatedVideo> tuned = side(adapter);
    Set<Integer> copies = new TreeSet<>(base.keySet());
    copies.addAll(tuned.keySet());
    List<Integer> whole =
        copies.stream()
            .filter(copy -> isMeasured(base.get(copy)) && isMeasured(tuned.get(copy)))
            .toList();
    if (metric.isOfPrompt()) {
      List<Pair> pairs = new ArrayList<>();
      add(metric, videos(base, whole), videos(tuned, whole), pairs);
      return new Pairs(pairs, copies.size() < 2 || !pairs.isEmpty() ? 0 : 1);
    }

    List<Pair> pairs = new ArrayList<>();
    for (int copy : whole) {
      add(metric, List.of(base.get(copy)), List.of(tuned.get(copy)), pairs);
    }

    return new Pairs(pairs, copies.size() - pairs.size());
  }

  private static void add(
      Metric metric, List<EvaluatedVideo> base, List<EvaluatedVideo> tuned, List<Pair> pairs) {
    if (base.isEmpty()) {
      return;
    }

    Double without = metric.value(base.stream().map(EvaluatedVideo::measured).toList());
    Double with = metric.value(tuned.stream().map(EvaluatedVideo::measured).toList());
    if (without != null && with != null) {
      pairs.add(Pair.of(base.get(0), tuned.get(0), without, with));
    }
  }

  private NavigableMap<Integer, EvaluatedVideo> side(String adapter) {
    return byAdapter.getOrDefault(adapter, new TreeMap<>());
  }

  private static List<EvaluatedVideo> videos(
      NavigableMap<Integer, EvaluatedVideo> side, List<Integer> copies) {
    return copies.stream().map(side::get).toList();
  }

  private static boolean isMeasured(EvaluatedVideo video) {
    return video != null && video.isMeasured();
  }
}
