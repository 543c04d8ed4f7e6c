package instructvideo.job.evaluate;

import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import instructvideo.job.ModelFiles;
import instructvideo.job.Storage;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.run.RunRecord;
import instructvideo.reward.RewardConfig;
import instructvideo.reward.RewardSum;
import instructvideo.reward.UserRewards;
import instructvideo.spark.RewardFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/** Which rewards adapters were trained on; a reward is known by its weights, not by its name. */
public final class TrainedRewards {

  private TrainedRewards() {}

  /**
   * As the user says.
   *
   * @param trained name of a reward or sum
   * @return by the name of each reward and sum
   * @throws InvalidInputException if there is no such reward
   */
  public static Map<String, Boolean> named(RewardConfig config, String trained) throws IOException {
    Set<String> fingerprints = new HashSet<>();
    Optional<RewardSum> sum =
        config.rewardSums().stream().filter(one -> one.name().equals(trained)).findFirst();
    if (sum.isEmpty() && !config.checkpoints().containsKey(trained)) {
      List<String> names = new ArrayList<>(config.checkpoints().keySet());
      names.addAll(config.sums().keySet());
      throw InvalidInputException.of(
          "Invalid --trained: %s; the rewards are %s", trained, String.join(", ", names));
    }

    for (String name : sum.map(one -> one.terms().keySet()).orElse(Set.of(trained))) {
      fingerprints.add(fingerprint(config, name));
    }

    return of(config, fingerprints);
  }

  /**
   * As the runs say that the adapters are of.
   *
   * @param adapters URIs
   * @return by the name of each reward and sum; empty if no adapter is of a run
   */
  public static Map<String, Boolean> ofRuns(RewardConfig config, Collection<String> adapters)
      throws IOException {
    Set<String> fingerprints = new HashSet<>();
    for (String uri : adapters) {
      if (Storage.exists(new Path(uri, RunDirectory.RUN))) {
        new RunDirectory(uri)
            .record().map(RunRecord::fingerprints).orElse(new TreeMap<>()).entrySet().stream()
                .filter(part -> part.getKey().startsWith("reward."))
                .forEach(part -> fingerprints.add(part.getValue()));
      }
    }

    return fingerprints.isEmpty() ? Map.of() : of(config, fingerprints);
  }

  private static Map<String, Boolean> of(RewardConfig config, Set<String> fingerprints)
      throws IOException {
    Map<String, Boolean> trained = new TreeMap<>();
    for (String name : config.checkpoints().keySet()) {
      trained.put(name, fingerprints.contains(fingerprint(config, name)));
    }

    for (RewardSum sum : config.rewardSums()) {
      trained.put(sum.name(), sum.terms().keySet().stream().anyMatch(trained::get));
    }

    return trained;
  }

  /** As run.json has it. */
  private static String fingerprint(RewardConfig config, String name) throws IOException {
    boolean isFile = !config.heads().containsKey(name) && UserRewards.find(name).isEmpty();
    return isFile
        ? Fingerprint.of(ModelFiles.local(config.checkpoints().get(name)))
        : RewardFiles.id(config, name);
  }
}
