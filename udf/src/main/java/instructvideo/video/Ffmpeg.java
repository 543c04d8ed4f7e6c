package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.Pointer;

/** ffmpeg's libraries in this process, and their error codes. */
final class Ffmpeg {

  static {
    // JavaCPP refuses allocations once the process is 3 times as large as the Java heap may be,
    // which
    // says nothing here: tensors are larger.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    av_log_set_level(AV_LOG_QUIET);
  }

  private Ffmpeg() {}

  /** Loads the libraries. */
  static void load() {}

  /** A number that callbacks get back as their opaque pointer. */
  static final class Handle extends Pointer {
    Handle(long number) {
      address = number;
    }
  }

  /** Refuses a negative code. */
  static int check(int code, String what) throws VideoException {
    if (code < 0) {
      throw new VideoException(what + ": " + text(code));
    }

    return code;
  }

  /** A rational number, 0 for what ffmpeg calls undefined. */
  static double value(AVRational rational) {
    return rational.den() == 0 ? 0 : (double) rational.num() / rational.den();
  }

  /** Ends work that nobody waits for. */
  static void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("decoding was interrupted");
    }
  }

  /** What ffmpeg calls an error. */
  static String text(int code) {
    byte[] buffer = new byte[256];
    av_strerror(code, buffer, buffer.length);
    int end = 0;
    while (end < buffer.length && buffer[end] != 0) {
      end++;
    }

    return new String(buffer, 0, end, StandardCharsets.UTF_8);
  }
}
