package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameChoiceTest {

  private static final String VIDEO = "clips/a.mp4";

  private static String text(int... indices) {
    StringBuilder text = new StringBuilder();
    for (int index : indices) {
      text.append(text.isEmpty() ? "" : " ").append(index);
    }

    return text.toString();
  }

  /** int((s + 0.5) * n / S), as Python computes it. */
  @ParameterizedTest
  @CsvSource({
    "4, 16, 2 6 10 14",
    "4, 18, 2 6 11 15",
    "4, 7, 0 2 4 6",
    "4, 3, 0 1 2",
    "4, 1, 0",
    "1, 10, 5",
    "3, 1000000, 166666 500000 833333"
  })
  void middleOfEachSpan(int segments, int frames, String expected) {
    assertThat(text(new FrameChoice.Middle(segments).indices(frames, VIDEO))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"4, 16, 0 4 8 12", "4, 18, 0 4 8 12", "4, 3, 0 1 2", "4, 1, 0", "2, 5, 0 2"})
  void firstOfEachSpan(int segments, int frames, String expected) {
    assertThat(text(new FrameChoice.First(segments).indices(frames, VIDEO))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 0 1 2 3", "3, 8, 0 3 6", "5, 5, 0", "5, 6, 0 5"})
  void everyNth(int step, int frames, String expected) {
    assertThat(text(new FrameChoice.Every(step).indices(frames, VIDEO))).isEqualTo(expected);
  }

  @Test
  void randomOfEachSpanIsAFunctionOfSeedAndVideo() {
    FrameChoice choice = new FrameChoice.Random(4, 7);
    Set<String> drawn = new HashSet<>();
    for (int video = 0; video < 50; video++) {
      int[] indices = choice.indices(18, "v" + video);
      assertThat(indices).hasSize(4);
      for (int s = 0; s < 4; s++) {
        assertThat(indices[s]).isBetween(4 * s, 4 * s + 3); // spans of floor(18 / 4)
      }

      assertThat(choice.indices(18, "v" + video)).isEqualTo(indices);
      drawn.add(text(indices));
    }

    assertThat(drawn).hasSizeGreaterThan(40);
    assertThat(new FrameChoice.Random(4, 8).indices(18, "v0"))
        .isNotEqualTo(choice.indices(18, "v0"));
    assertThat(choice.indices(3, VIDEO)).containsExactly(0, 1, 2);
  }
}
