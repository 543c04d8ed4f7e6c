package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewardArgumentsTest {

  private static RewardConfig config(String... arguments) {
    RewardArguments given = RewardArguments.parse(List.of(arguments));
    Map<String, String> none = Map.of();
    return new RewardConfig(
        given.checkpoints(), none, none, given.sums(), "", 4, 1, Interpolation.BILINEAR);
  }

  /** By the arguments or by the config that they make, whose binder tells it as invalid input. */
  private static void refused(String message, String... arguments) {
    assertThatThrownBy(() -> config(arguments))
        .isInstanceOfAny(InvalidInputException.class, IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void pathsAndClasses() {
    RewardConfig config = config("hpsv2=s3a://bucket/a=b.pt", "brightness", "my-class");

    assertThat(config.checkpoints())
        .containsExactly(
            Map.entry("brightness", ""),
            Map.entry("hpsv2", "s3a://bucket/a=b.pt"),
            Map.entry("my-class", ""));
    assertThat(config.sums()).isEmpty();
  }

  @Test
  void sumsWithAndWithoutAName() {
    RewardConfig config =
        config("0.7*a + 0.3*b", "a=A", "b=B.pt", "quality=0.5*a-b", "gap=a-b", "b-a", "c");

    assertThat(config.checkpoints()).containsOnlyKeys("a", "b", "c");
    assertThat(config.sums())
        .containsOnlyKeys("0.7*a+0.3*b", "quality", "gap", "b-a")
        .containsEntry("quality", "0.5*a-b");
    assertThat(config.rewardSums().get(0).terms())
        .containsExactly(Map.entry("a", 0.7), Map.entry("b", 0.3));
  }

  /** A path that looks like a sum is one, unless its parts are rewards or it has a factor. */
  @Test
  void pathsThatLookLikeSums() {
    RewardConfig config = config("a=clip-vit+laion", "b=a", "c=3d*model");

    assertThat(config.checkpoints())
        .containsExactly(
            Map.entry("a", "clip-vit+laion"), Map.entry("b", "a"), Map.entry("c", "3d*model"));
  }

  @Test
  void whatIsNeitherIsNamed() {
    refused("\"c\" is none of the given rewards (a, b)", "a=A", "b=B", "0.7*a+0.3*c");
    refused("\"c\" is none of the given rewards (a)", "a=A", "quality=0.7*a+0.3*c");
    refused("Invalid --reward: =A; must be NAME=PATH", "=A");
    refused("Invalid --reward: ; must be NAME=PATH", "");
  }
}
