package instructvideo.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against DDIMScheduler.step(eps, timestep, x, eta=eta, variance_noise=z) of diffusers 0.42.1. */
class DdimSchedulerTest {

  private static final NoiseSchedule SCHEDULE = NoiseSchedule.scaledLinear(0.00085, 0.012, 1000);
  private static final float[] X = {1.54099607f, -0.2934289f, -2.17878938f, 0.56843126f};
  private static final float[] EPS = {-1.08452237f, -1.39859545f, 0.40334684f, 0.83802634f};
  private static final float[] Z = {-0.71925759f, -0.40334353f, -0.59663534f, 0.18203649f};

  @ParameterizedTest(name = "step from {1} of {0}, eta {2}")
  @CsvSource({
    "20, 951, 0, 2.35796165 0.05203438 -2.98114634 0.48332763",
    "20, 951, 0.5, 2.18448663 -0.00278051 -3.19504976 0.49695534",
    "20, 951, 1, 2.1520412 0.12427506 -3.4614034 0.40160788",
    "20, 451, 0.5, 1.73626173 -0.17866385 -2.59549356 0.52940041",
    "20, 451, 1, 1.68706036 -0.13686492 -2.75069356 0.49237984",
    "20, 1, 0.5, 1.54944623 -0.27809495 -2.19154 0.55879539",
    "20, 1, 1, 1.54926813 -0.27291274 -2.20039535 0.55507445",
    "50, 981, 1, 1.65605807 -0.18699902 -2.81156039 0.52578652",
    "50, 481, 0.5, 1.58302796 -0.26909074 -2.39283395 0.56339043",
    "50, 1, 1, 1.54926813 -0.27291274 -2.20039535 0.55507445"
  })
  void stepIsThatOfDiffusers(int steps, int timestep, double eta, String expected) {
    DdimScheduler scheduler = new DdimScheduler(SCHEDULE, steps);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray mean = scheduler.mean(manager.create(X), manager.create(EPS), timestep, eta);
      float[] next = mean.add(manager.create(Z).mul(scheduler.sigma(timestep, eta))).toFloatArray();
      String[] values = expected.split(" ", -1);
      for (int i = 0; i < next.length; i++) {
        assertThat(next[i]).isCloseTo(Float.parseFloat(values[i]), within(2e-6f));
      }
    }
  }

  @Test
  void timestepsAreLeadingAndOffsetByOne() {
    int[] twenty = new DdimScheduler(SCHEDULE, 20).timesteps(1);
    int[] fifty = new DdimScheduler(SCHEDULE, 50).timesteps(1);
    assertThat(twenty).hasSize(20).startsWith(951, 901, 851).endsWith(51, 1);
    assertThat(fifty).hasSize(50).startsWith(981, 961, 941).endsWith(21, 1);
    assertThat(Arrays.stream(twenty).distinct()).hasSize(20);
  }
}
