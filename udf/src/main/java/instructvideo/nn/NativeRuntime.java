package instructvideo.nn;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;

final class NativeRuntime {
  private NativeRuntime() {}

  static void prepare() {
    if (Platform.isLinux()) {
      (Native.load("c", NativeRuntime.LibC.class)).setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
    }
  }

  private interface LibC extends Library {
    int setenv(String name, String value, int overwrite);
  }
}
