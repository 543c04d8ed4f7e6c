package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewardArgumentsTest {

  @Test
  void pathsClassesAndSums() {
    RewardArguments given =
        RewardArguments.parse(
            List.of("a=/m/a+b.pt", "mine", "a-b=s3a://x/y=z", "0.7*a + 0.3*mine", "mix=a-mine"));
    assertThat(given.checkpoints())
        .isEqualTo(Map.of("a", "/m/a+b.pt", "mine", "", "a-b", "s3a://x/y=z"));
    assertThat(given.sums())
        .isEqualTo(Map.of("0.7*a+0.3*mine", "0.7*a + 0.3*mine", "mix", "a-mine"));
  }

  @Test
  void withoutAName() {
    assertThatThrownBy(() -> RewardArguments.parse(List.of("=/m/a.pt")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Invalid --reward: =/m/a.pt; must be NAME=PATH");
  }
}
