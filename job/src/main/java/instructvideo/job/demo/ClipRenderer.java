package instructvideo.job.demo;

import instructvideo.random.CounterRandom;

/**
 * Draws clips of one coloured shape that moves over white; place and size vary a little from clip
 * to clip.
 *
 * @param seed with a clip's name, all that its content depends on
 * @param size pixels along each side
 */
record ClipRenderer(long seed, int frames, int size) {

  /** The size in pixels for which the lengths below are. */
  private static final double NOMINAL_SIZE = 32;

  /** From the middle to where a shape starts or ends. */
  private static final double TRAVEL = 6.5;

  private static final double RADIUS = 7.8;

  /** The most by which the middle of the way is off the clip's. */
  private static final double OFF_CENTRE = 1.5;

  /** The most by which travel and radius differ from the above. */
  private static final double VARIATION = 0.5;

  /** A clip as the web would have it: see {@link WebQuality}. The same name gives the same clip. */
  Clip webQuality(Subject subject, String name) {
    CounterRandom random = CounterRandom.of(seed, 0, name, 0, CounterRandom.Purpose.DEMO);
    return WebQuality.draw(random).spoil(clean(subject, random), random);
  }

  /** A clip without a fault. */
  Clip clean(Subject subject, CounterRandom random) {
    double scale = size / NOMINAL_SIZE;
    double centreX = size / 2.0 + OFF_CENTRE * scale * symmetric(random);
    double centreY = size / 2.0 + OFF_CENTRE * scale * symmetric(random);
    double travel = (TRAVEL + VARIATION * symmetric(random)) * scale;
    double radius = (RADIUS + VARIATION * symmetric(random)) * scale;
    Clip clip = new Clip(frames, size, new float[frames * Clip.CHANNELS * size * size]);
    for (int frame = 0; frame < frames; frame++) {
      double time = frames == 1 ? 0 : 2.0 * frame / (frames - 1) - 1; // -1 to 1
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
        double alpha = Math.min(1, Math.max(0, 0.5 - distance));
        for (int c = 0; c < Clip.CHANNELS; c++) {
          int at = clip.plane(frame, c) + row * size + column;
          clip.pixels()[at] = (float) (1 + alpha * (subject.colour().channel(c) - 1));
        }
      }
    }
  }

  /** From -1 to 1. */
  private static double symmetric(CounterRandom random) {
    return 2 * random.nextDouble() - 1;
  }
}
