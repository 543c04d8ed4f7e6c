package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewardSumTest {

  private static final List<String> REWARDS =
      List.of("hpsv2", "aesthetic", "a", "b", "a-b", "v2.1");

  private static Map<String, Double> terms(String expression) {
    return RewardSum.parse("s", expression, REWARDS).terms();
  }

  private static RewardConfig config(
      Map<String, String> heads, Map<String, String> fit, Map<String, String> sums) {
    return new RewardConfig(
        Map.of("a", "A", "b", "B"), heads, fit, sums, "", 4, 1, Interpolation.BILINEAR);
  }

  @Test
  void readsTermsInTheirOrder() {
    assertThat(terms("0.7*hpsv2+0.3*aesthetic"))
        .containsExactly(Map.entry("hpsv2", 0.7), Map.entry("aesthetic", 0.3));
    assertThat(terms("  - b -1e-2 * a + v2.1 "))
        .containsExactly(Map.entry("b", -1.0), Map.entry("a", -0.01), Map.entry("v2.1", 1.0));
    assertThat(terms(".5*a+1.*b")).containsExactly(Map.entry("a", 0.5), Map.entry("b", 1.0));
  }

  /** A name may hold a minus; with spaces around it, it is one. */
  @Test
  void longestNameWins() {
    assertThat(terms("2*a-b")).containsExactly(Map.entry("a-b", 2.0));
    assertThat(terms("2*a -b")).containsExactly(Map.entry("a", 2.0), Map.entry("b", -1.0));
  }

  @Test
  void rewardThatComesTwiceCountsTwice() {
    assertThat(terms("a+b+0.5*a")).containsExactly(Map.entry("a", 1.5), Map.entry("b", 1.0));
  }

  @ParameterizedTest
  @CsvSource({
    "0.7*hps+a, \"hps\" is none of the given rewards",
    "'', \"\" is none of the given rewards",
    "a+, \"\" is none of the given rewards",
    "a++b, \"\" is none of the given rewards",
    "0.7 a, \"0.7\" is none of the given rewards",
    "a*b, \"a*b\" is none of the given rewards",
    "a b, + or - is missing before \"b\""
  })
  void namesWhatItCannotRead(String expression, String message) {
    assertThatThrownBy(() -> terms(expression))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Invalid sum of rewards s=" + expression + ": " + message)
        .hasMessageContaining("0.7*hpsv2+0.3*aesthetic");
  }

  @Test
  void configChecksItsNames() {
    assertThat(config(Map.of(), Map.of(), Map.of("s", "a-b")).rewardSums())
        .containsExactly(RewardSum.parse("s", "a-b", List.of("a", "b")));
    assertThatThrownBy(() -> config(Map.of(), Map.of(), Map.of("s", "a+c")))
        .hasMessageContaining("\"c\" is none of the given rewards (a, b)");
    assertThatThrownBy(() -> config(Map.of(), Map.of(), Map.of("a", "a+b")))
        .hasMessage("reward.sums names a, which is a reward itself");
    assertThatThrownBy(() -> config(Map.of("c", "C"), Map.of(), Map.of()))
        .hasMessage("reward.heads names c, which is none of the given rewards (a, b)");
    assertThatThrownBy(() -> config(Map.of(), Map.of("c", "pad"), Map.of()))
        .hasMessage("reward.fit names c, which is none of the given rewards (a, b)");
    assertThatThrownBy(() -> config(Map.of(), Map.of("a", "stretch"), Map.of()))
        .hasMessage("reward.fit of a must be pad or crop, is stretch");
  }

  @Test
  void headCropsUnlessTold() {
    RewardConfig config = config(Map.of("a", "A.pth"), Map.of(), Map.of());
    RewardConfig told = config(Map.of("a", "A.pth"), Map.of("a", "pad", "b", "crop"), Map.of());

    assertThat(List.of(config.fitOf("a"), config.fitOf("b"))).containsExactly(Fit.CROP, Fit.PAD);
    assertThat(List.of(told.fitOf("a"), told.fitOf("b"))).containsExactly(Fit.PAD, Fit.CROP);
  }
}
