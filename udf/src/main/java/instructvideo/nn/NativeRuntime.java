package instructvideo.nn;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * OpenMP's settings for this process, which a JVM that is already running (a Spark executor) can no
 * longer be given as environment variables by who starts it.
 */
final class NativeRuntime {

  private NativeRuntime() {}

  private interface LibC extends Library {
    int setenv(String name, String value, int overwrite);
  }

  /**
   * Lets MKL compute the same bits on whichever thread a row falls: to be called before libtorch is
   * loaded; what the environment says stays. Without it, attention on two threads was seen to
   * differ in the last bits between the first and the second half of a batch. No slower (measured
   * on AVX-512).
   */
  static void computeReproducibly() {
    set("MKL_CBWR", "AUTO");
  }

  /**
   * To be called before libtorch is loaded; what the environment says stays.
   *
   * <p>OpenMP's threads spin while they wait for each other, by default for milliseconds. Where
   * others want the processors too (other executors, Spark's own threads) the one waited for may
   * not be running, and small operators take a scheduler's time slice each: 30 times slower was
   * seen. Threads that sleep at once (OMP_WAIT_POLICY=PASSIVE) take 20 % longer on a quiet machine.
   * So they spin for some microseconds, then sleep.
   */
  static void sleepSoon() {
    if (System.getenv("OMP_WAIT_POLICY") == null) {
      set("GOMP_SPINCOUNT", "500");
    }
  }

  private static void set(String name, String value) {
    if (Platform.isLinux()) {
      Native.load("c", LibC.class).setenv(name, value, 0);
    }
  }
}
