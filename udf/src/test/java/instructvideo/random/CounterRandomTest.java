package instructvideo.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.random.CounterRandom.Purpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

  /** From kat_vectors of the authors' Random123 library. */
  @Test
  void hasThePublishedBits() {
    assertThat(CounterRandom.philox(new int[4], new int[2]))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(
            CounterRandom.philox(
                new int[] {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                new int[] {0xffffffff, 0xffffffff}))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(
            CounterRandom.philox(
                new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                new int[] {0xa4093822, 0x299f31d0}))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void everyPartOfTheKeyCounts() {
    Set<Integer> first = new HashSet<>();
    first.add(CounterRandom.of(0, 0, "a", 0, Purpose.NOISE).nextInt());
    first.add(CounterRandom.of(1, 0, "a", 0, Purpose.NOISE).nextInt());
    first.add(CounterRandom.of(0, 1, "a", 0, Purpose.NOISE).nextInt());
    first.add(CounterRandom.of(0, 0, "b", 0, Purpose.NOISE).nextInt());
    first.add(CounterRandom.of(0, 0, "a", 1, Purpose.NOISE).nextInt());
    first.add(CounterRandom.of(0, 0, "a", 0, Purpose.FRAME_INDICES).nextInt());

    assertThat(first).hasSize(6);
  }

  @Test
  void gaussiansHaveMeanZeroAndDeviationOne() {
    float[] values = CounterRandom.of(3, 0, "", 0, Purpose.NOISE).gaussians(200_001);
    double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(9);
    double square =
        IntStream.range(0, values.length)
            .mapToDouble(i -> values[i] * values[i])
            .average()
            .orElse(9);

    assertThat(mean).isCloseTo(0, within(0.01));
    assertThat(square).isCloseTo(1, within(0.02));
  }

  @Test
  void permutationHoldsEachOnceAndIsShuffled() {
    int[] order = CounterRandom.of(0, 0, "", 5, Purpose.SAMPLE_ORDER).permutation(1000);

    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(IntStream.range(0, 1000).filter(i -> order[i] == i).count()).isLessThan(10);
  }

  @Test
  void boundedNumbersAreUniform() {
    CounterRandom random = CounterRandom.of(0, 0, "", 0, Purpose.FRAME_INDICES);
    int[] counts = new int[3];
    IntStream.range(0, 30_000).forEach(i -> counts[random.nextInt(3)]++);

    assertThat(Arrays.stream(counts)).allMatch(count -> 9_700 < count && count < 10_300);
  }
}
