package instructvideo.job.demo;

import instructvideo.job.config.RunConfig;

record Forecast(RunConfig config, Evaluation before, int roundsDone) {
  private static final double BACKWARD = 4.0;
  private static final double SECONDS_AROUND = 12.0;

  double beforePrepare() {
    double prepare = roundsDone > 0 ? 0.0 : before.seconds() / BACKWARD;
    return SECONDS_AROUND + prepare + train() + before.seconds();
  }

  double beforeTrain() {
    return 6.0 + train() + before.seconds();
  }

  double beforeAfter() {
    return 3.0 + before.seconds();
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
