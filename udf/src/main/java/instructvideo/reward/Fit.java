package instructvideo.reward;

/** How a picture meets the square that an image tower takes. */
public enum Fit {
  /** The longest side to the square's, zeros around: HPSv2's transform. */
  PAD,

  /** The shortest side to the square's, the centre cut out: CLIP's own transform. */
  CROP
}
