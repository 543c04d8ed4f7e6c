package instructvideo.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.demo.CompareRun.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompareRunTest {

  @Test
  void theFirstPartOfAKeyIsTheVariant() {
    assertThat(
            CompareRun.variants(
                Map.of("a.reward.segments", "1", "a.train.rounds", "2", "b.train.method", "rwr")))
        .isEqualTo(
            Map.of(
                "a", Map.of("reward.segments", "1", "train.rounds", "2"),
                "b", Map.of("train.method", "rwr")));
  }

  @Test
  void theTableHasALineForEachVariant() {
    List<Outcome> outcomes =
        List.of(
            new Outcome("base", 0, 0.4, 0.3, -0.1, 0, 0, -0.05, 60),
            new Outcome("rwr", 0, 0.1, 0.1, -0.02, 0, 0, 0, 100),
            new Outcome("base", 1, 0.5, 0.1, -0.2, 0, 0, -0.15, 80));
    assertThat(CompareTable.text(outcomes).lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "variant reward gain of each seed mean held-out error shape colour motion seconds",
            "base +0.400 +0.500 +0.450 +0.200 -0.150 +0.000 +0.000 -0.100 70",
            "rwr +0.100 +0.100 +0.100 -0.020 +0.000 +0.000 +0.000 100");
  }
}
