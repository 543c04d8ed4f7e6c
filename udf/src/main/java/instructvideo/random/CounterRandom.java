package instructvideo.random;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), keyed by
 * what the numbers are for. The n-th number of a key is a function of the key and n: a retried
 * task, another partitioning or a resumed run draws the same bits.
 */
public final class CounterRandom {

  /** What numbers are drawn for; part of the key, so that no two uses share numbers. */
  public enum Purpose {
    NOISE("noise"),
    OFFSET_NOISE("offset-noise"),
    FRAME_INDICES("frame-indices"),
    SAMPLE_ORDER("sample-order"),
    LORA_INIT("lora-init"),
    INITIAL_NOISE("initial-noise"),
    STEP_NOISE("step-noise"),
    BOOTSTRAP("bootstrap"),
    TIMESTEP("timestep"),
    DEMO("demo");

    private final String key;

    Purpose(String key) {
      this.key = key;
    }
  }

  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private final int key0;
  private final int key1;
  private final int high0; // upper half of the counter: the key's other 64 bits
  private final int high1;
  private final int[] block = new int[4];
  private long counter;
  private int used = 4;

  private CounterRandom(byte[] digest) {
    key0 = word(digest, 0);
    key1 = word(digest, 4);
    high0 = word(digest, 8);
    high1 = word(digest, 12);
  }

  /**
   * The generator of one use.
   *
   * @param seed of the run
   * @param round of training, 0 outside of it
   * @param sample id of the sample, "" where there is none
   * @param epoch how many times the sample was seen before
   */
  public static CounterRandom of(long seed, int round, String sample, int epoch, Purpose purpose) {
    String key = seed + "|" + round + "|" + epoch + "|" + purpose.key + "|" + sample;
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return new CounterRandom(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** The next 32 bits. */
  public int nextInt() {
    if (used == 4) {
      philox(counter++);
      used = 0;
    }

    return block[used++];
  }

  /** Uniform in 0 .. bound - 1, without bias (Lemire's method). */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("Invalid bound: " + bound);
    }

    long threshold = Integer.toUnsignedLong(-bound) % bound;
    while (true) {
      long product = Integer.toUnsignedLong(nextInt()) * bound;
      if ((product & 0xffffffffL) >= threshold) {
        return (int) (product >>> 32);
      }
    }
  }

  /** Uniform in (0, 1): never an end, 53 bits. */
  public double nextDouble() {
    long bits = ((long) (nextInt() >>> 5) << 26) | (nextInt() >>> 6); // 27 + 26 bits
    return (bits + 0.5) * 0x1p-53;
  }

  /**
   * Standard normal numbers (Box and Muller, in double, with StrictMath: the same bits anywhere).
   */
  public float[] gaussians(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i += 2) {
      double radius = Math.sqrt(-2 * StrictMath.log(nextDouble()));
      double angle = 2 * Math.PI * nextDouble();
      values[i] = (float) (radius * StrictMath.cos(angle));
      if (i + 1 < count) {
        values[i + 1] = (float) (radius * StrictMath.sin(angle));
      }
    }

    return values;
  }

  /** A permutation of 0 .. n - 1, all equally likely (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }

    return order;
  }

  private void philox(long count) {
    int c0 = (int) count;
    int c1 = (int) (count >>> 32);
    int c2 = high0;
    int c3 = high1;
    int k0 = key0;
    int k1 = key1;
    for (int i = 0; i < ROUNDS; i++) {
      long p0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c0);
      long p1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c2);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }

    block[0] = c0;
    block[1] = c1;
    block[2] = c2;
    block[3] = c3;
  }

  /** The raw generator, for its published test vectors. */
  static int[] philox(int[] counter, int[] key) {
    byte[] digest = new byte[16];
    for (int i = 0; i < 4; i++) {
      digest[i] = (byte) (key[0] >>> (8 * i));
      digest[4 + i] = (byte) (key[1] >>> (8 * i));
      digest[8 + i] = (byte) (counter[2] >>> (8 * i));
      digest[12 + i] = (byte) (counter[3] >>> (8 * i));
    }

    CounterRandom random = new CounterRandom(digest);
    random.philox(Integer.toUnsignedLong(counter[0]) | ((long) counter[1] << 32));
    return random.block.clone();
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }
}
