package instructvideo.train;

/**
 * PPO's loss of one action (arXiv 1707.06347, equation 7): max(-A r, -A clip(r, 1 - range, 1 +
 * range)).
 *
 * @param logRatio log r: log probability now less that when it was drawn
 * @param advantage A
 */
record ClippedRatio(double logRatio, double advantage, double range) {

  double loss() {
    return Math.max(unclipped(), clipped());
  }

  /** d loss / d log r: 0 where the clip holds; no number where the ratio is none. */
  double slope() {
    return unclipped() < clipped() ? 0 : unclipped();
  }

  /** This ratio as a figure of the round. */
  PolicyRatios figures() {
    boolean isOutside = Math.abs(ratio() - 1) > range;
    return new PolicyRatios(1, isOutside ? 1 : 0, logRatio * logRatio);
  }

  private double ratio() {
    return StrictMath.exp(logRatio);
  }

  private double unclipped() {
    return -advantage * ratio();
  }

  private double clipped() {
    return -advantage * Math.min(Math.max(ratio(), 1 - range), 1 + range);
  }
}
