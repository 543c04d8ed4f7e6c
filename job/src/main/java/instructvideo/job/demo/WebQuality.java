package instructvideo.job.demo;

import instructvideo.random.CounterRandom;

record WebQuality(double fade, double blur, double blotch) {
  private static final double CLEAN = 0.3;
  private static final double[] SHARES = new double[] {0.8, 0.5, 0.4};
  private static final int REACH = 5;
  private static final int CELL = 4;

  static WebQuality draw(CounterRandom random) {
    boolean spoilt = random.nextDouble() >= CLEAN;
    double[] strengths = new double[SHARES.length];

    for (int i = 0; i < strengths.length; i++) {
      double strength = 0.2 + 0.8 * random.nextDouble();
      boolean applies = random.nextDouble() < SHARES[i];
      strengths[i] = spoilt && applies ? strength : 0.0;
    }

    return new WebQuality(strengths[0], strengths[1], strengths[2]);
  }

  Clip spoil(Clip clip, CounterRandom random) {
    int size = clip.size();
    float[] out = clip.pixels().clone();

    for (int plane = 0; plane < out.length; plane += size * size) {
      if (blur > 0.0) {
        blur(out, plane, size, size, 1);
        blur(out, plane, size, 1, size);
      }

      for (int i = plane; i < plane + size * size; i++) {
        out[i] += (float) (fade * 0.75 * (0.5 - out[i]));
      }

      if (blotch > 0.0) {
        addNoise(out, plane, size, random);
      }
    }

    for (int i = 0; i < out.length; i++) {
      out[i] = Math.min(1.0F, Math.max(0.0F, out[i]));
    }

    return new Clip(clip.frames(), size, out);
  }

  private void blur(float[] values, int plane, int size, int lineStride, int step) {
    double[] kernel = this.kernel();
    double[] line = new double[size];

    for (int n = 0; n < size; n++) {
      int begin = plane + n * lineStride;

      for (int i = 0; i < size; i++) {
        line[i] = 0.0;

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

  private double[] kernel() {
    double sigma = 1.8 * blur;
    double[] kernel = new double[11];
    double sum = 0.0;

    for (int k = -REACH; k <= REACH; k++) {
      kernel[k + REACH] = StrictMath.exp(-k * k / (2.0 * sigma * sigma));
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
        double noise = bilinear(coarse, cells, row, column) + 0.5 * fine[row * size + column];
        values[plane + row * size + column] =
            values[plane + row * size + column] + (float) (blotch * 0.07 * noise);
      }
    }
  }

  private static double bilinear(float[] grid, int cells, int row, int column) {
    double y = Math.max(0.0, (row + 0.5) / 4.0 - 0.5);
    double x = Math.max(0.0, (column + 0.5) / 4.0 - 0.5);
    int top = Math.min(cells - 1, (int) y);
    int left = Math.min(cells - 1, (int) x);
    int bottom = Math.min(cells - 1, top + 1);
    int right = Math.min(cells - 1, left + 1);
    double down = y - top;
    double along = x - left;
    double above = grid[top * cells + left] * (1.0 - along) + grid[top * cells + right] * along;
    double below =
        grid[bottom * cells + left] * (1.0 - along) + grid[bottom * cells + right] * along;
    return above * (1.0 - down) + below * down;
  }
}
