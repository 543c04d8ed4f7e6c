package instructvideo.job.report;

import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.RunRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a run's directory tells.
 *
 * @param uri of the directory, as it was given
 * @param rounds that were finished, ascending
 * @param guard what the run saw of held-out prompts, if it looked
 */
public record RunFacts(
    String uri,
    RunRecord record,
    List<RoundFigures> rounds,
    Optional<GuardRecord> guard,
    Checkpoints checkpoints) {

  private static final String REWARD = "reward.";

  /**
   * The checkpoints that are there.
   *
   * @param rounds with a checkpoint, the latest first
   * @param checked those of them whose files were read
   * @param damaged those of them whose files are not what was written
   * @param cutOff rounds with figures, but no checkpoint: they will be run again
   */
  public record Checkpoints(
      List<Integer> rounds, List<Integer> checked, List<Integer> damaged, List<Integer> cutOff) {}

  /** Names of the rewards that were trained on. */
  Set<String> trainedRewards() {
    Set<String> names = new TreeSet<>();
    record.paths().keySet().stream()
        .filter(key -> key.startsWith(REWARD))
        .forEach(key -> names.add(key.substring(REWARD.length())));
    return names;
  }

  /** A setting; empty if the run has none of this name. */
  Optional<String> setting(String key) {
    return Optional.ofNullable(record.settings().get(key));
  }
}
