package instructvideo.job.reference;

/**
 * How far the first AdamW step of a weight may be from another, given how far its gradient may be:
 * the step is lr * g / (|g| + eps), so that where |g| is near eps or near its own error, everything
 * up to 2 lr is possible, and elsewhere nothing but rounding.
 *
 * @param gradientError of one element
 */
record StepTolerance(double lr, double gradientError) {

  static final double EPS = 1e-8;

  private static final double ROUNDING = 4; // units in the last place of the weight

  double of(float weight, float gradient) {
    return ROUNDING * (Math.ulp(weight) + Math.ulp((float) lr))
        + lr * (direction(gradient + gradientError) - direction(gradient - gradientError));
  }

  private static double direction(double gradient) {
    return gradient / (Math.abs(gradient) + EPS);
  }
}
