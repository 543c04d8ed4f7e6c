package instructvideo.format;

/** 16-bit floating-point numbers to and from float32, rounded to nearest even as torch does. */
final class HalfFloats {

  private static final int SIGN = 0x8000;
  private static final int INFINITY = 0x7c00;
  private static final int QUIET = 0x0200; // a NaN's highest bit of fraction
  private static final float TOO_LARGE = 65520; // rounds to 65536, which binary16 has not
  private static final float MIN_NORMAL = 0x1p-14f;
  private static final float SUBNORMAL_STEP = 0x1p-24f;

  private HalfFloats() {}

  /** IEEE 754 binary16. */
  static float ofBinary16(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * SUBNORMAL_STEP;
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat(((exponent + 127 - 15) << 23) | (fraction << 13));
        };
    return (bits & SIGN) == 0 ? magnitude : -magnitude;
  }

  /** The nearest binary16; infinity where there is none. */
  static short toBinary16(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> 16) & SIGN;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | INFINITY | QUIET);
    }

    if (magnitude >= TOO_LARGE) {
      return (short) (sign | INFINITY);
    }

    if (magnitude < MIN_NORMAL) {
      return (short) (sign | (int) Math.rint(magnitude / SUBNORMAL_STEP));
    }

    int bits = Float.floatToRawIntBits(magnitude);
    int rounded = bits + 0xfff + ((bits >> 13) & 1);
    return (short) (sign | ((rounded >> 13) - ((127 - 15) << 10)));
  }

  /** The upper half of a float32. */
  static float ofBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16. */
  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (Float.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
  }
}
