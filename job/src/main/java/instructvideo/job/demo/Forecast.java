package instructvideo.job.demo;

import instructvideo.job.config.RunConfig;

/**
 * How long the rest of a demo takes, in seconds; told from how long the first videos took.
 *
 * @param before the videos of the base model
 * @param roundsDone rounds that an earlier start finished
 */
record Forecast(RunConfig config, Evaluation before, int roundsDone) {

  /** What a denoising step with a gradient takes, to one without. */
  private static final double BACKWARD = 4;

  /** What prepare takes, to the first videos. */
  private static final double PREPARE = 0.25;

  /** Starting Spark and loading models, over all that follows the first videos. */
  private static final double SECONDS_AROUND = 12;

  /** The same, over training and what follows. */
  private static final double SECONDS_AROUND_TRAIN = 6;

  /** The same, over what follows training. */
  private static final double SECONDS_AROUND_AFTER = 3;

  double beforePrepare() {
    double prepare = roundsDone > 0 ? 0 : before.seconds() * PREPARE;
    return SECONDS_AROUND + prepare + train() + before.seconds();
  }

  double beforeTrain() {
    return SECONDS_AROUND_TRAIN + train() + before.seconds();
  }

  double beforeAfter() {
    return SECONDS_AROUND_AFTER + before.seconds();
  }

  private double train() {
    double passes = (double) before.videos().size() * config.sampler().ddimSteps();
    int gradSteps = config.sampler().gradSteps();
    double perSample = config.sampler().numSteps() - gradSteps + BACKWARD * gradSteps;
    int rounds = Math.max(0, config.train().rounds() - roundsDone);
    double samples = (double) config.train().samplesPerRound() * rounds;
    return before.seconds() / passes * samples * perSample;
  }
}
