package instructvideo.optim;

/**
 * Linear warm-up, then a half cosine to 0 at the last step, or the peak rate throughout.
 *
 * @param totalSteps of the whole run
 */
public record LearningRate(OptimizerConfig config, int totalSteps) {

  /**
   * The rate of a step.
   *
   * @param step steps made before it
   */
  public double at(int step) {
    int warmup = config.warmupSteps();
    double rise = warmup == 0 ? 1 : Math.min((step + 1.0) / warmup, 1);
    return config.lr()
        * rise
        * switch (config.schedule()) {
          case CONSTANT -> 1;
          case COSINE -> cosine(Math.max(0, step - warmup), Math.max(1, totalSteps - warmup));
        };
  }

  private static double cosine(int done, int all) {
    return 0.5 + 0.5 * StrictMath.cos(Math.PI * done / all);
  }
}
