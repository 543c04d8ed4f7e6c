package instructvideo.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.report.RunFacts.Checkpoints;
import instructvideo.job.report.Verdict.Kind;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.RunRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final String BASE =
      "{\"round\":0,\"metrics\":{\"hpsv2\":0.25,\"pick\":0.5,\"motion\":0.04},"
          + "\"stderr\":{\"hpsv2\":0.003,\"pick\":0.01,\"motion\":0.001},\"broken\":[]}";

  private static SampleEvaluation rising() {
    return new SampleEvaluation().reward("hpsv2", true, 0.043, 0.035, 0.051);
  }

  private static RunFacts run(String guard) {
    RunRecord record =
        new RunRecord(
            1,
            new TreeMap<>(Map.of("sampler.ddim-steps", "50", "train.rounds", "20")),
            new TreeMap<>(Map.of("reward.hpsv2", "id")),
            new TreeMap<>(Map.of("reward.hpsv2", "HPS_v2.pt")));
    List<RoundFigures> rounds =
        List.of(
            new RoundFigures(1, new TreeMap<>(Map.of("reward_mean", 0.25))),
            new RoundFigures(2, new TreeMap<>(Map.of("reward_mean", 0.27))));
    return new RunFacts(
        "runs/first",
        record,
        rounds,
        Optional.ofNullable(guard).map(text -> GuardRecord.parse(text, "guard.json")),
        new Checkpoints(List.of(2, 1), List.of(2, 1), List.of(), List.of()));
  }

  private static String guard(String status, String looks) {
    return ("{\"format\":1,\"mode\":\"stop\",\"limits\":{\"max-motion-drop\":0.3,\"max-diversity-drop\":0.5},"
            + "\"best\":{\"round\":8},%s,\"looks\":[%s]}")
        .formatted(status, looks);
  }

  private static String look(int round, double reward, String broken) {
    return "{\"round\":%d,\"metrics\":{\"hpsv2\":%s,\"pick\":0.52},\"stderr\":{\"hpsv2\":0.003},\"broken\":[%s]}"
        .formatted(round, reward, broken);
  }

  @Test
  void betterIsARewardThatRoseWithNothingLost() {
    Verdict verdict =
        Verdict.of(
            rising()
                .reward("pick", false, 0.01, 0.002, 0.018)
                .measure("motion", 0.96)
                .measure("diversity", 0.91)
                .facts());
    assertThat(verdict.kind()).isEqualTo(Kind.BETTER);
    assertThat(verdict.line())
        .isEqualTo(
            "Better: The trained reward hpsv2 rose by 0.0430 (95 % interval 0.0350 to 0.0510) over"
                + " 24 prompts. The held-out reward pick rose by 0.0100 (95 % interval 0.0020 to"
                + " 0.0180). Motion is 96 % of the base's and diversity is 91 % of the base's.");
    assertThat(verdict.more())
        .containsExactly(
            "48 pairs of videos of 24 prompts (animals, 20 steps) from equal noise; the tuned one"
                + " scores higher in 75 %.");
  }

  @Test
  void gamedIsARewardThatRoseWhileMotionOrAnotherRewardFell() {
    Verdict still = Verdict.of(rising().measure("motion", 0.4).facts());
    assertThat(still.kind()).isEqualTo(Kind.GAMED);
    assertThat(still.text()).contains("rose by 0.0430", ", but motion fell by 60 % (limit 30 %)");
    Verdict other =
        Verdict.of(
            rising().reward("pick", false, -0.04, -0.05, -0.03).measure("motion", 1).facts());
    assertThat(other.kind()).isEqualTo(Kind.GAMED);
    assertThat(other.text()).contains(", but the held-out reward pick fell by 0.0400");
  }

  @Test
  void smallLossOfAnotherRewardIsAPrice() {
    Verdict verdict = Verdict.of(rising().reward("pick", false, -0.01, -0.015, -0.005).facts());
    assertThat(verdict.kind()).isEqualTo(Kind.MIXED);
    assertThat(verdict.text()).contains(", but the held-out reward pick fell by 0.0100");
    Verdict chance = Verdict.of(rising().reward("pick", false, -0.01, -0.03, 0.01).facts());
    assertThat(chance.kind()).isEqualTo(Kind.BETTER);
  }

  @Test
  void whatMayBeChanceIsNoDifference() {
    Verdict verdict =
        Verdict.of(new SampleEvaluation().reward("hpsv2", true, 0.01, -0.02, 0.04).facts());
    assertThat(verdict.kind()).isEqualTo(Kind.NO_DIFFERENCE);
    assertThat(verdict.text())
        .startsWith("The trained reward hpsv2 changed by +0.0100 (95 % interval -0.0200 to 0.0400)")
        .contains("which may be chance");
  }

  @Test
  void worseIsARewardThatFellOrMotionThatFellForNothing() {
    assertThat(
            Verdict.of(new SampleEvaluation().reward("h", true, -0.02, -0.03, -0.01).facts())
                .line())
        .startsWith("Worse: The trained reward h fell by 0.0200");
    assertThat(
            Verdict.of(
                    new SampleEvaluation()
                        .reward("h", true, 0.01, -0.02, 0.04)
                        .measure("diversity", 0.2)
                        .facts())
                .kind())
        .isEqualTo(Kind.WORSE);
  }

  @Test
  void onePromptIsTooLittle() {
    Verdict verdict =
        Verdict.of(new SampleEvaluation().reward("hpsv2", null, 0.01, null, null).facts());
    assertThat(verdict.line())
        .isEqualTo("Too little to tell: The reward hpsv2 changed by +0.0100 over 1 prompt.");
  }

  @Test
  void allPromptsAndTheRunsChainComeFirstAndOthersAreTold() {
    Verdict verdict =
        Verdict.of(
            rising()
                .view("all", 20)
                .reward("hpsv2", true, 0.01, -0.01, 0.03)
                .view("all", 50)
                .reward("hpsv2", true, -0.02, -0.03, -0.01)
                .facts(Optional.of(run(null))));
    assertThat(verdict.kind()).isEqualTo(Kind.WORSE);
    assertThat(verdict.more())
        .anyMatch(line -> line.startsWith("all, 20 steps: No difference: "))
        .anyMatch(line -> line.startsWith("animals, 20 steps: Better: "));
  }

  @Test
  void limitsAreThoseOfTheGuard() {
    String log = guard("\"status\":\"stopped\",\"stoppedAfter\":12", BASE);
    SampleEvaluation evaluation = rising().measure("diversity", 0.6).measure("motion", 0.9);
    assertThat(Verdict.of(evaluation.facts()).kind()).isEqualTo(Kind.GAMED);
    Verdict verdict = Verdict.of(evaluation.facts(Optional.of(run(log))));
    assertThat(verdict.kind()).isEqualTo(Kind.BETTER);
    assertThat(verdict.more())
        .contains(
            "The guard stopped it. Training ended after round 12. The best checkpoint is round 8.");
  }

  @Test
  void guardThatStoppedIsTheVerdictWithoutEvaluation() {
    String status =
        "\"status\":\"stopped\",\"stoppedAfter\":12,\"reason\":\"motion fell by 41 % (limit 30 %)\"";
    String log = guard(status, BASE + "," + look(8, 0.30, ""));
    Verdict verdict = Verdict.of(new ReportFacts(Optional.of(run(log)), Optional.empty()));
    assertThat(verdict.line())
        .isEqualTo(
            "Stopped by the guard: Training ended after round 12, because motion fell by 41 %"
                + " (limit 30 %). The best checkpoint is round 8.");
    assertThat(verdict.more())
        .contains(
            "Round 8: trained reward hpsv2 0.300, the model alone 0.250.",
            "Round 8: held-out reward pick 0.520, the model alone 0.500.");
  }

  @Test
  void looksOfTheRunAreAVerdict() {
    assertThat(kindOf(look(8, 0.30, ""))).isEqualTo(Kind.BETTER);
    assertThat(kindOf(look(8, 0.30, "\"motion fell\""))).isEqualTo(Kind.GAMED);
    assertThat(kindOf(look(8, 0.252, ""))).isEqualTo(Kind.NO_DIFFERENCE);
    assertThat(kindOf(look(8, 0.20, ""))).isEqualTo(Kind.WORSE);
  }

  private static Kind kindOf(String look) {
    String log = guard("\"status\":\"finished\"", BASE + "," + look);
    return Verdict.of(new ReportFacts(Optional.of(run(log)), Optional.empty())).kind();
  }

  @Test
  void trainingRewardAloneIsNoEvaluation() {
    Verdict verdict = Verdict.of(new ReportFacts(Optional.of(run(null)), Optional.empty()));
    assertThat(verdict.line())
        .isEqualTo(
            "Not evaluated: Only the training reward is known: 0.250 in the first rounds, 0.270 in"
                + " the last.");
    String log = guard("\"status\":\"watching\"", BASE);
    assertThat(Verdict.of(new ReportFacts(Optional.of(run(log)), Optional.empty())).kind())
        .isEqualTo(Kind.NOT_EVALUATED);
    assertThat(Verdict.of(new SampleEvaluation().facts()).kind()).isEqualTo(Kind.NOT_EVALUATED);
    assertThat(Verdict.of(new SampleEvaluation().measure("motion", 1).facts()).kind())
        .isEqualTo(Kind.NOT_EVALUATED);
  }
}
