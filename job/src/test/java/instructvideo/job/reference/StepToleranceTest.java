package instructvideo.job.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepToleranceTest {

  private static final double LR = 1e-3;
  private static final double ROUNDING = 4 * (Math.ulp(0.5f) + Math.ulp((float) LR));

  @Test
  void nothingButRoundingWhereTheGradientIsSure() {
    StepTolerance tolerance = new StepTolerance(LR, 1e-6);

    assertThat(tolerance.of(0.5f, 1)).isBetween(ROUNDING, ROUNDING + 1e-6 * LR);
    assertThat(tolerance.of(0.5f, -1)).isEqualTo(tolerance.of(0.5f, 1));
  }

  @Test
  void twoStepsWhereTheGradientsSignIsNotSure() {
    StepTolerance tolerance = new StepTolerance(LR, 1e-3);

    assertThat(tolerance.of(0.5f, 1e-4f)).isCloseTo(2 * LR + ROUNDING, within(1e-4 * LR));
  }

  @Test
  void partOfAStepWhereTheGradientIsNearEps() {
    StepTolerance tolerance = new StepTolerance(LR, StepTolerance.EPS / 2);

    // 1.5 / 2.5 - 0.5 / 1.5 of a step
    assertThat(tolerance.of(0.5f, (float) StepTolerance.EPS))
        .isCloseTo(LR * (0.6 - 1.0 / 3) + ROUNDING, within(1e-6 * LR));
  }

  /** AdamW's first step of two gradients that are as far apart as they may be. */
  @ParameterizedTest
  @ValueSource(floats = {0, 1e-9f, -3e-8f, 2e-6f, -1e-4f, 0.3f})
  void boundsTheDifferenceOfTwoFirstSteps(float gradient) {
    double error = 2e-8;
    double bound = new StepTolerance(LR, error).of(0.5f, gradient);

    assertThat((double) Math.abs(step(gradient + error) - step(gradient)))
        .isLessThanOrEqualTo(bound);
    assertThat((double) Math.abs(step(gradient - error) - step(gradient)))
        .isLessThanOrEqualTo(bound);
    assertThat(bound).isLessThanOrEqualTo(2 * LR + ROUNDING);
  }

  /** arXiv 1711.05101 at t = 1, in float32 as the weight is. */
  private static float step(double gradient) {
    double average = (1 - 0.9) * gradient / (1 - 0.9);
    double square = (1 - 0.999) * gradient * gradient / (1 - 0.999);
    return (float) (0.5 - LR * average / (Math.sqrt(square) + StepTolerance.EPS));
  }
}
