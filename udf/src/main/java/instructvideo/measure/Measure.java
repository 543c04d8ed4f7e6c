package instructvideo.measure;

/** The measures beside rewards. */
public enum Measure {
  /** How much moves. */
  MOTION(
      "motion",
      "mean over neighbouring frames, pixels and red, green and blue of |frame[i+1] - frame[i]|,"
          + " values in [0, 1]; 0: the picture stands still"),

  /** Whether neighbouring frames show the same. */
  CONSISTENCY(
      "consistency",
      "mean over neighbouring frames of the cosine of their image features (the image tower of"
          + " the reward named as features)"),

  /** Whether videos of one prompt differ. */
  DIVERSITY(
      "diversity",
      "mean over pairs of a prompt's videos, from different noise, of 1 - the cosine of the"
          + " videos' mean image features; one value a prompt"),

  /** Whether there is fine detail. */
  SHARPNESS(
      "sharpness",
      "mean over frames of the variance over inner pixels of the Laplacian (kernel 0 1 0, 1 -4 1,"
          + " 0 1 0) of 0.299 R + 0.587 G + 0.114 B, values in [0, 1]"),

  /** How colourful it is. */
  SATURATION(
      "saturation",
      "mean over frames and pixels of HSV's S: (max - min) / max of red, green and blue, 0 of"
          + " black");

  private final String key;
  private final String definition;

  Measure(String key, String definition) {
    this.key = key;
    this.definition = definition;
  }

  /** As tables and summaries name it. */
  public String key() {
    return key;
  }

  /** What it is, in one line. */
  public String definition() {
    return definition;
  }
}
