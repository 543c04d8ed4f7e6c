package instructvideo.job.guard;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.config.GuardConfig;
import instructvideo.job.config.GuardConfig.Mode;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.Look;
import instructvideo.lora.LoraState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a guard over looks whose figures are given. */
class GuardTest {

  private static final LoraState LORA = new LoraState(new TreeMap<>(), new TreeMap<>());
  private static final double[] BASE = {0.20, 0.30, 0.040, 0.10};

  @TempDir java.nio.file.Path run;

  private final List<Integer> lookedAt = new ArrayList<>();

  /** trained, held out, motion, diversity. */
  private static Look look(int round, double... values) {
    Map<String, Double> metrics =
        Map.of("t", values[0], "h", values[1], "motion", values[2], "diversity", values[3]);
    Map<String, Double> std = Map.of("t", 0.05, "h", 0.05, "motion", 0.01, "diversity", 0.01);
    return new Look(round, new TreeMap<>(metrics), new TreeMap<>(), new TreeMap<>(std), List.of());
  }

  private static GuardConfig config(Mode mode, double maxMotionDrop) {
    return new GuardConfig("p.txt", 5, mode, Map.of(), 2, 20, 0.1, maxMotionDrop, 0.3);
  }

  private Guard guard(GuardConfig config, int round, Map<Integer, double[]> values)
      throws IOException {
    Guard.Looker looker =
        new Guard.Looker() {
          @Override
          public Look at(int at, Optional<LoraState> lora) {
            lookedAt.add(at);
            assertThat(lora.isPresent()).isEqualTo(at > 0);
            return look(at, values.get(at));
          }

          @Override
          public List<Guard.LookVideo> videos() {
            return List.of();
          }
        };
    return new Guard(new Path(run.toString()), config, "t", List.of("h"), round, looker);
  }

  /** As TrainingRun does. */
  private int train(Guard guard, int from, int rounds) throws IOException {
    int round = from;
    guard.look(round, rounds, LORA);
    while (round < rounds && guard.stopReason().isEmpty()) {
      round++;
      guard.look(round, rounds, LORA);
    }

    if (guard.stopReason().isEmpty()) {
      guard.finish();
    }

    return round;
  }

  private GuardRecord record() throws IOException {
    return GuardRecord.read(new Path(run.toString())).orElseThrow();
  }

  @Test
  void stopsWhenMotionFallsWhileTheRewardRisesAndNamesTheBest() throws IOException {
    Map<Integer, double[]> values =
        Map.of(
            0, BASE,
            5, new double[] {0.30, 0.33, 0.038, 0.09},
            10, new double[] {0.60, 0.40, 0.020, 0.09});
    int last = train(guard(config(Mode.STOP, 0.3), 0, values), 0, 17);
    assertThat(last).isEqualTo(10);
    assertThat(lookedAt).containsExactly(0, 5, 10);
    assertThat(record().isStopped()).isTrue();
    assertThat(record().stoppedAfter()).isEqualTo(10);
    assertThat(record().best().round()).isEqualTo(5);
    assertThat(record().reason())
        .isEqualTo(
            "trained reward t rose from 0.2000 to 0.6000 while motion fell from 0.0400 to 0.0200"
                + " (limit 0.0280)");
  }

  @Test
  void eachLimitIsWatched() {
    GuardRules rules = new GuardRules(config(Mode.STOP, 0.3), "t", List.of("h"));
    Look base = look(0, BASE);
    assertThat(rules.broken(base, look(5, 0.18, 0.27, 0.029, 0.071))).isEmpty();
    assertThat(rules.broken(base, look(5, 0.30, 0.26, 0.040, 0.1)))
        .containsExactly("held-out reward h fell from 0.3000 to 0.2600 (limit 0.2700)");
    assertThat(rules.broken(base, look(5, 0.30, 0.30, 0.027, 0.1)))
        .containsExactly("motion fell from 0.0400 to 0.0270 (limit 0.0280)");
    assertThat(rules.broken(base, look(5, 0.30, 0.30, 0.040, 0.069)))
        .containsExactly("diversity fell from 0.1000 to 0.0690 (limit 0.0700)");
    assertThat(rules.broken(base, look(5, 0.17, 0.30, 0.040, 0.1)))
        .containsExactly("trained reward t fell from 0.2000 to 0.1700 (limit 0.1800)");
    assertThat(rules.broken(base, look(5, Double.NaN, Double.NaN, 0.04, Double.NaN))).hasSize(3);
  }

  /** A tenth of nearly nothing would be passed by any noise. */
  @Test
  void aBaseNearZeroIsJudgedByItsDeviation() {
    GuardRules rules = new GuardRules(config(Mode.STOP, 0.3), "t", List.of("h"));
    Look base = look(0, 0.2, 0.001, 0.04, 0.1);
    assertThat(rules.broken(base, look(5, 0.2, -0.003, 0.04, 0.1))).isEmpty();
    assertThat(rules.broken(base, look(5, 0.2, -0.005, 0.04, 0.1))).hasSize(1);
  }

  @Test
  void modeWarnGoesOnAndTheLastRoundIsLookedAt() throws IOException {
    Map<Integer, double[]> values =
        Map.of(
            0, BASE,
            5, new double[] {0.60, 0.40, 0.020, 0.09},
            7, new double[] {0.50, 0.32, 0.035, 0.09});
    int last = train(guard(config(Mode.WARN, 0.3), 0, values), 0, 7);
    assertThat(last).isEqualTo(7);
    assertThat(lookedAt).containsExactly(0, 5, 7);
    assertThat(record().status()).isEqualTo("finished");
    assertThat(record().reason()).contains("motion fell");
    assertThat(record().best().round()).as("of those within the limits").isEqualTo(7);
  }

  @Test
  void aStartAgainKeepsLooksAndMakesUpForTheMissingOne() throws IOException {
    Map<Integer, double[]> values =
        Map.of(
            0, BASE,
            5, new double[] {0.30, 0.33, 0.038, 0.09},
            10, new double[] {0.40, 0.35, 0.038, 0.09});
    train(guard(config(Mode.STOP, 0.3), 0, values), 0, 5);
    lookedAt.clear();
    train(guard(config(Mode.STOP, 0.3), 10, values), 10, 10); // round 10 was made, not looked at
    assertThat(lookedAt).containsExactly(10);
    assertThat(record().looks()).extracting(Look::round).containsExactly(0, 5, 10);
    lookedAt.clear();
    train(guard(config(Mode.STOP, 0.3), 4, values), 4, 10); // a checkpoint before the looks
    assertThat(lookedAt).containsExactly(5, 10);
  }

  @Test
  void otherLimitsJudgeTheLooksOfEarlierStarts() throws IOException {
    Map<Integer, double[]> values =
        Map.of(
            0, BASE,
            5, new double[] {0.60, 0.40, 0.020, 0.09},
            10, new double[] {0.60, 0.40, 0.020, 0.09});
    assertThat(train(guard(config(Mode.STOP, 0.3), 0, values), 0, 10)).isEqualTo(5);
    assertThat(guard(config(Mode.STOP, 0.3), 5, values).stopReason()).isPresent();
    assertThat(guard(config(Mode.WARN, 0.3), 5, values).stopReason()).isEmpty();
    assertThat(train(guard(config(Mode.STOP, 0.6), 5, values), 5, 10)).isEqualTo(10);
    assertThat(record().reason()).isNull();
  }

  @Test
  void withoutAHeldOutRewardTheTrainedOneDecides() {
    GuardRules rules = new GuardRules(config(Mode.STOP, 0.3), "t", List.of());
    Look first = look(5, 0.5, 0.1, 0.04, 0.1);
    Look second = look(10, 0.4, 0.9, 0.04, 0.1);
    assertThat(rules.best(List.of(look(0, BASE), first, second))).contains(first);
    Look worse = look(10, 0.1, 0.9, 0.04, 0.1);
    assertThat(rules.best(List.of(look(0, BASE), worse))).contains(look(0, BASE));
  }
}
