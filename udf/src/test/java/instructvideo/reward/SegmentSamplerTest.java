package instructvideo.reward;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SegmentSamplerTest {

  @Test
  void drawsOneFrameOfEachSegment() {
    Set<Integer> seen = new HashSet<>();
    for (int epoch = 0; epoch < 200; epoch++) {
      CounterRandom random = CounterRandom.of(0, 0, "a", epoch, Purpose.FRAME_INDICES);
      int[] frameIndices = new SegmentSampler(4).draw(random, 18); // span 4: 16 and 17 never come
      for (int s = 0; s < 4; s++) {
        assertThat(frameIndices[s]).isBetween(4 * s, 4 * s + 3);
        seen.add(frameIndices[s]);
      }
    }

    assertThat(seen).hasSize(16);
  }
}
