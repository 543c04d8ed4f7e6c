package instructvideo.job.guard;

import instructvideo.job.config.GuardConfig;
import instructvideo.job.config.GuardConfig.Mode;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.GuardRecord.Best;
import instructvideo.job.run.Look;
import instructvideo.lora.LoraState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Looks at a run every few rounds, on held-out prompts and always the same noise. */
public final class Guard {

  private final Path run;
  private final GuardConfig config;
  private final GuardRules rules;
  private final Looker looker;
  private final List<Look> looks = new ArrayList<>();
  private String reason;
  private Integer stoppedAfter;

  /**
   * A guard of a run, which goes on where an earlier start was.
   *
   * @param run directory of the run
   * @param trained name of the reward that is trained on
   * @param heldOut names of the rewards that are not
   * @param round with which this start begins: looks after it are forgotten
   */
  public Guard(
      Path run, GuardConfig config, String trained, List<String> heldOut, int round, Looker looker)
      throws IOException {
    this.run = run;
    this.config = config;
    this.looker = looker;
    rules = new GuardRules(config, trained, heldOut);
    GuardRecord.read(run).ifPresent(record -> recall(record, round));
  }

  /** Makes and measures the videos of the held-out prompts. */
  public interface Looker {

    /**
     * A look, not yet judged.
     *
     * @param round for the names of files
     * @param lora empty for the model alone
     */
    Look at(int round, Optional<LoraState> lora) throws IOException;

    /** The videos of the last look, those of different prompts first. */
    List<LookVideo> videos();
  }

  /**
   * A video of a look.
   *
   * @param name the same at every look
   */
  public record LookVideo(String name, String prompt, String uri, double fps) {}

  /**
   * Looks, if it is time and was not done before this start.
   *
   * @param rounds of the whole run: the last is always looked at
   */
  public Optional<Look> look(int round, int rounds, LoraState lora) throws IOException {
    boolean isDue = round % config.evalEvery() == 0 || round == rounds;
    boolean isDone = looks.stream().anyMatch(look -> look.round() == round);
    if (!isDue || isDone) {
      return Optional.empty();
    }

    Look look = keep(looker.at(round, round == 0 ? Optional.empty() : Optional.of(lora)));
    write(stoppedAfter == null ? GuardRecord.WATCHING : GuardRecord.STOPPED);
    return Optional.of(look);
  }

  /** Why the run must not go on; empty if it may. */
  public Optional<String> stopReason() {
    return stoppedAfter == null ? Optional.empty() : Optional.of(reason);
  }

  /** The round after which the run had to stop. */
  public int stoppedAfter() {
    return stoppedAfter;
  }

  /** The videos of the last look of this start, those of different prompts first. */
  public List<LookVideo> videos() {
    return looker.videos();
  }

  /** Says that all rounds are made. */
  public void finish() {
    if (stoppedAfter == null) {
      write(GuardRecord.FINISHED);
    }
  }

  private GuardRecord record(String status) {
    return new GuardRecord(
        GuardRecord.FORMAT,
        config.mode().name().toLowerCase(Locale.ROOT),
        status,
        stoppedAfter,
        reason,
        best().orElse(null),
        config.limits(),
        rules.floors(looks.get(0)),
        rules.trained(),
        rules.heldOut(),
        List.copyOf(looks));
  }

  /** The best checkpoint so far. */
  public Optional<Best> best() {
    return rules.best(looks).map(look -> new Best(look.round(), why(look)));
  }

  private String why(Look look) {
    List<String> deciding = rules.heldOut().isEmpty() ? List.of(rules.trained()) : rules.heldOut();
    List<String> values = new ArrayList<>();
    deciding.forEach(
        name -> values.add(String.format(Locale.ROOT, "%s %.4f", name, look.value(name))));
    String text = "highest " + String.join(", ", values) + " within the limits";
    return look.round() == 0 ? "the model alone: " + text : text;
  }

  private void write(String status) {
    record(status).write(run);
  }

  /** Looks of earlier starts, judged by the limits of this one. */
  private void recall(GuardRecord record, int round) {
    for (Look look : record.looks()) {
      if (look.round() <= round) {
        keep(look);
      }
    }
  }

  private Look keep(Look seen) {
    Look base = looks.isEmpty() ? seen : looks.get(0);
    Look look = seen.judged(rules.broken(base, seen));
    looks.add(look);
    if (!look.holds() && reason == null) {
      reason = rules.reason(base, look);
      stoppedAfter = config.mode() == Mode.STOP ? look.round() : null;
    }

    return look;
  }
}
