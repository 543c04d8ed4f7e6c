package instructvideo.job.demo;

import instructvideo.random.CounterRandom;

/**
 * How a clip is spoilt, as video of the web is: faded towards grey, blurred and blotchy, each by a
 * strength from 0 to 1. The shape stays recognisable.
 */
record WebQuality(double fade, double blur, double blotch) {

  /** The share of clips without a fault. */
  private static final double CLEAN = 0.3;

  /** The shares of the others that are faded, blurred and blotchy. */
  private static final double[] SHARES = {0.8, 0.5, 0.4};

  /** The least strength of a fault that a clip has. */
  private static final double LEAST = 0.2;

  // At strength 1: the way towards grey, the standard deviation in pixels, that of the noise.
  private static final double FADE = 0.75;
  private static final double BLUR = 1.8;
  private static final double BLOTCH = 0.07;

  /** Pixels from the middle of the blur's kernel to its end. */
  private static final int REACH = 5;

  /** Pixels along each side to a value of the coarse noise. */
  private static final int CELL = 4;

  /** Draws the strengths. */
  static WebQuality draw(CounterRandom random) {
    boolean spoilt = random.nextDouble() >= CLEAN;
    double[] strengths = new double[SHARES.length];
    for (int i = 0; i < strengths.length; i++) {
      double strength = LEAST + (1 - LEAST) * random.nextDouble();
      boolean applies = random.nextDouble() < SHARES[i];
      strengths[i] = spoilt && applies ? strength : 0;
    }
    return new WebQuality(strengths[0], strengths[1], strengths[2]);
  }

  /** A spoilt copy. */
  Clip spoil(Clip clip, CounterRandom random) {
    int size = clip.size();
    float[] out = clip.pixels().clone();
    for (int plane = 0; plane < out.length; plane += size * size) {
      if (blur > 0) {
        blur(out, plane, size, size, 1);
        blur(out, plane, size, 1, size);
      }
      for (int i = plane; i < plane + size * size; i++) {
        out[i] += (float) (fade * FADE * (0.5 - out[i]));
      }
      if (blotch > 0) {
        addNoise(out, plane, size, random);
      }
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.min(1, Math.max(0, out[i]));
    }
    return new Clip(clip.frames(), size, out);
  }

  /**
   * Blurs a plane along its rows (step 1) or columns (step size); at the edge the last value goes
   * on.
   */
  private void blur(float[] values, int plane, int size, int lineStride, int step) {
    double[] kernel = kernel();
    double[] line = new double[size];
    for (int n = 0; n < size; n++) {
      int begin = plane + n * lineStride;
      for (int i = 0; i < size; i++) {
        line[i] = 0;
        for (int k = -REACH; k <= REACH; k++) {
          int at = Math.min(size - 1, Math.max(0, i + k));
          line[i] += kernel[k + REACH] * values[begin + at * step];
        }
      }
      for (int i = 0; i < size; i++) {
        values[begin + i * step] = (float) line[i];
      }
    }
  }

  /** A Gaussian of sum 1. */
  private double[] kernel() {
    double sigma = BLUR * blur;
    double[] kernel = new double[2 * REACH + 1];
    double sum = 0;
    for (int k = -REACH; k <= REACH; k++) {
      kernel[k + REACH] = StrictMath.exp(-k * k / (2 * sigma * sigma));
      sum += kernel[k + REACH];
    }
    for (int k = 0; k < kernel.length; k++) {
      kernel[k] /= sum;
    }
    return kernel;
  }

  private void addNoise(float[] values, int plane, int size, CounterRandom random) {
    int cells = Math.max(1, size / CELL);
    float[] coarse = random.gaussians(cells * cells);
    float[] fine = random.gaussians(size * size);
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        int at = row * size + column;
        double noise = bilinear(coarse, cells, row, column) + 0.5 * fine[at];
        values[plane + at] += (float) (blotch * BLOTCH * noise);
      }
    }
  }

  /** The value of a grid of cells at a pixel, as PyTorch's interpolate with align_corners=False. */
  private static double bilinear(float[] grid, int cells, int row, int column) {
    double y = Math.max(0, (row + 0.5) / CELL - 0.5);
    double x = Math.max(0, (column + 0.5) / CELL - 0.5);
    int top = Math.min(cells - 1, (int) y);
    int left = Math.min(cells - 1, (int) x);
    int bottom = Math.min(cells - 1, top + 1);
    int right = Math.min(cells - 1, left + 1);
    double down = y - top;
    double along = x - left;
    double above = grid[top * cells + left] * (1 - along) + grid[top * cells + right] * along;
    double below = grid[bottom * cells + left] * (1 - along) + grid[bottom * cells + right] * along;
    return above * (1 - down) + below * down;
  }
}
