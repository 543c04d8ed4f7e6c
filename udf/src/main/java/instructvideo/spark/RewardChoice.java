package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import instructvideo.reward.OpenClipModels;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.reward.UserRewards;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/**
 * One of the rewards that a session knows.
 *
 * @param config of what it needs and nothing else
 * @param result name of the reward or sum whose score is wanted
 */
record RewardChoice(RewardConfig config, String result) {

  /**
   * Picks a reward, a sum, a user's class or a sum of these as it is written.
   *
   * @param prefix of the keys that would have named it
   * @throws InvalidInputException if the name is unknown
   */
  static RewardChoice of(RewardConfig all, String name, String prefix) {
    Map<String, String> checkpoints = new TreeMap<>(all.checkpoints());
    UserRewards.names().forEach(user -> checkpoints.putIfAbsent(user, ""));
    String expression = all.sums().get(name);
    if (expression == null && checkpoints.containsKey(name)) {
      return new RewardChoice(narrowed(all, checkpoints, Set.of(name), Map.of()), name);
    }

    if (expression == null && !name.contains("*") && !name.contains("+")) {
      throw InvalidInputException.of(
          "Unknown reward: %s; this session has %s; SET %sreward.checkpoints.NAME=PATH adds one",
          name, checkpoints.isEmpty() ? "none" : String.join(", ", checkpoints.keySet()), prefix);
    }

    String sum = expression == null ? name : expression;
    Set<String> terms = RewardSum.parse(name, sum, checkpoints.keySet()).terms().keySet();
    return new RewardChoice(narrowed(all, checkpoints, terms, Map.of(name, sum)), name);
  }

  private static RewardConfig narrowed(
      RewardConfig all,
      Map<String, String> checkpoints,
      Set<String> names,
      Map<String, String> sums) {
    return new RewardConfig(
        only(checkpoints, names),
        only(all.heads(), names),
        only(all.fit(), names),
        sums,
        all.config(),
        all.segments(),
        all.lambdaTar(),
        all.interpolation());
  }

  private static Map<String, String> only(Map<String, String> map, Set<String> names) {
    Map<String, String> kept = new HashMap<>(map);
    kept.keySet().retainAll(names);
    return kept;
  }

  /** Rewards of a config that score a picture for a prompt. */
  static Set<String> needPrompt(RewardConfig config) {
    Set<String> names = new TreeSet<>(config.checkpoints().keySet());
    names.removeAll(config.heads().keySet());
    names.removeIf(
        name -> UserRewards.find(name).map(reward -> !reward.needsPrompt()).orElse(false));
    return names;
  }

  /**
   * Looks whether the files are there, which is cheaper here than in every task.
   *
   * @throws InvalidInputException naming the one that is not
   */
  static void checkFiles(RewardConfig config) {
    config.checkpoints().forEach(RewardChoice::check);
    config.heads().forEach((name, uri) -> check("head of " + name, uri));
    if (!config.config().isEmpty() && !OpenClipModels.isBuiltIn(config.config())) {
      check("config", config.config());
    }
  }

  private static void check(String name, String uri) {
    if (uri.isBlank() && UserRewards.find(name).isEmpty()) {
      throw InvalidInputException.of(
          "Invalid reward: %s; give the path of its weights, or put a class of that name on the"
              + " class path with --jars (it has %s)",
          name, UserRewards.names().isEmpty() ? "none" : String.join(", ", UserRewards.names()));
    }

    if (!uri.isBlank() && !exists(name, uri)) {
      throw InvalidInputException.of(
          "Invalid reward %s: %s; there is no such file or directory", name, uri);
    }
  }

  private static boolean exists(String name, String uri) {
    if (HadoopFiles.isLocal(uri)) {
      return Files.exists(HadoopFiles.local(uri));
    }

    try {
      Path path = new Path(uri);
      return path.getFileSystem(HadoopFiles.configuration()).exists(path);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "Invalid reward %s: %s; it cannot be read: %s".formatted(name, uri, e.getMessage()), e);
    }
  }

  /** Names of the rewards and sums of a config that are scored, in order. */
  static List<String> results(RewardConfig config) {
    Set<String> names = new TreeSet<>(config.checkpoints().keySet());
    names.addAll(config.sums().keySet());
    return List.copyOf(names);
  }
}
