package instructvideo.job.demo;

import instructvideo.random.CounterRandom;

record ClipRenderer(long seed, int frames, int size) {
  private static final double TRAVEL = 6.5;
  private static final double RADIUS = 7.8;
  private static final double NOMINAL_SIZE = 32.0;

  Clip webQuality(Subject subject, String name) {
    CounterRandom random = CounterRandom.of(seed, 0, name, 0, CounterRandom.Purpose.DEMO);
    return WebQuality.draw(random).spoil(clean(subject, random), random);
  }

  Clip clean(Subject subject, CounterRandom random) {
    double scale = size / NOMINAL_SIZE;
    double centreX = size / 2.0 + 1.5 * scale * symmetric(random);
    double centreY = size / 2.0 + 1.5 * scale * symmetric(random);
    double travel = (TRAVEL + 0.5 * symmetric(random)) * scale;
    double radius = (RADIUS + 0.5 * symmetric(random)) * scale;
    Clip clip = new Clip(frames, size, new float[frames * 3 * size * size]);

    for (int frame = 0; frame < frames; frame++) {
      double time = frames == 1 ? 0.0 : 2.0 * frame / (frames - 1) - 1.0;
      double x = centreX + subject.motion().dx * time * travel;
      double y = centreY + subject.motion().dy * time * travel;
      draw(clip, frame, subject, x, y, radius);
    }

    return clip;
  }

  private void draw(Clip clip, int frame, Subject subject, double x, double y, double radius) {
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double distance = subject.shape().distance(column + 0.5 - x, row + 0.5 - y, radius);
        double alpha = Math.min(1.0, Math.max(0.0, 0.5 - distance));

        for (int c = 0; c < 3; c++) {
          int at = clip.plane(frame, c) + row * size + column;
          clip.pixels()[at] = (float) (1.0 + alpha * (subject.colour().channel(c) - 1.0F));
        }
      }
    }
  }

  private static double symmetric(CounterRandom random) {
    return 2.0 * random.nextDouble() - 1.0;
  }
}
