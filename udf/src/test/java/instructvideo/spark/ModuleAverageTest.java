package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleAverageTest {

  /** B A of the first worker is 2 * [1 0], of the second 4 * [0 1]; weights 1 and 3. */
  @Test
  void averagesAreWeightedAndTheGapIsThatOfTheProducts() {
    ModulePiece first = piece(0, 1, new float[] {1, 0}, new float[] {2});
    ModulePiece second = piece(1, 3, new float[] {0, 1}, new float[] {4});

    ModuleAverage average = ModuleAverage.of(List.of(first, second));

    assertThat(average.arrays().get(0)).containsExactly(0.25f, 0.75f);
    assertThat(average.arrays().get(1)).containsExactly(3.5f);
    // mean(BA) = [0.5, 3], mean(B) mean(A) = [0.875, 2.625]
    assertThat(average.normSquare()).isCloseTo(9.25, within(1e-12));
    assertThat(average.gapSquare()).isCloseTo(2 * 0.375 * 0.375, within(1e-12));
  }

  @Test
  void oneWorkerKeepsItsBits() {
    float[] a = CounterRandom.of(1, 0, "", 0, Purpose.NOISE).gaussians(1000);
    float[] b = CounterRandom.of(2, 0, "", 0, Purpose.NOISE).gaussians(10);

    ModuleAverage average = ModuleAverage.of(List.of(piece(0, 7, a, b)));

    assertThat(average.arrays().get(0)).isEqualTo(a);
    assertThat(average.arrays().get(1)).isEqualTo(b);
    assertThat(average.gapSquare()).isZero();
  }

  @Test
  void orderOfArrivalDoesNotCount() {
    // In double, (1e30 - 1e30) + 1 is 1, but (1 - 1e30) + 1e30 is 0.
    List<ModulePiece> pieces = new ArrayList<>();
    float[] values = {1e30f, -1e30f, 1};
    for (int worker = 0; worker < values.length; worker++) {
      pieces.add(piece(worker, 1, new float[] {values[worker]}, new float[] {1}));
    }

    float[] inOrder = ModuleAverage.of(pieces).arrays().get(0);
    Collections.reverse(pieces);

    assertThat(inOrder).containsExactly(1f / 3);
    assertThat(ModuleAverage.of(pieces).arrays().get(0)).isEqualTo(inOrder);
  }

  @Test
  void workerWithoutSamplesDoesNotCount() {
    ModulePiece first = piece(0, 2, new float[] {1}, new float[] {1});
    ModulePiece none = piece(1, 0, new float[] {9}, new float[] {9});

    assertThat(ModuleAverage.of(List.of(none, first)).arrays().get(0)).containsExactly(1f);
    assertThat(ModuleAverage.of(List.of(none)).arrays()).isEmpty();
  }

  private static ModulePiece piece(int worker, int samples, float[] a, float[] b) {
    return new ModulePiece(worker, samples, 1, List.of(a, b));
  }
}
