package instructvideo.job.config;

import static instructvideo.job.config.Requirements.require;

import java.util.Arrays;
import java.util.List;

/**
 * What bench measures.
 *
 * @param count videos, 0 for each once
 * @param partitions numbers with commas between them; see {@link #partitionCounts}
 * @param stateMb megabytes of weights and moments
 * @param stepSeconds that a simulated step lasts
 */
public record BenchConfig(
    int steps, int count, String partitions, double stateMb, double stepSeconds) {
  public BenchConfig {
    require(count >= 0, "bench.count must not be negative, is %s", count);
    require(steps >= 1, "bench.steps must be at least 1, is %s", steps);
    require(
        partitions.matches("\\s*[1-9]\\d{0,3}\\s*(,\\s*[1-9]\\d{0,3}\\s*)*"),
        "bench.partitions must be numbers from 1 to 9999 with commas between them, is %s",
        partitions);
    require(stateMb > 0 && stateMb <= 1000, "bench.state-mb must be in 0..1000, is %s", stateMb);
    require(
        0 <= stepSeconds && stepSeconds < 1e4,
        "bench.step-seconds must not be negative, is %s",
        stepSeconds);
  }

  /** The numbers of partitions, in the order given. */
  public List<Integer> partitionCounts() {
    return Arrays.stream(partitions.split(",", -1))
        .map(String::strip)
        .map(Integer::valueOf)
        .toList();
  }
}
