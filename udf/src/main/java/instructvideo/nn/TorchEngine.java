package instructvideo.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The JVM's PyTorch: loaded once, offline, with as many threads as it is told. */
public final class TorchEngine {

  private static final String NAME = "PyTorch";
  private static final String REMEDY =
      "Cannot load PyTorch: %s; put pytorch-native-cpu for linux-x86_64 on the class path (--jars"
          + " of spark-submit), or set PYTORCH_LIBRARY_PATH to the folder of libtorch.so";
  private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";

  private static final String FLAVOR = "PYTORCH_FLAVOR";

  private static boolean prepared; // guarded by the class

  private static volatile Device used; // the one that was asked for last

  private TorchEngine() {}

  /**
   * Loads the engine if it is not, and stops recording on this thread. A later call changes the
   * number of threads at most.
   *
   * @param threads of one operator on the CPU; 0 leaves them as they are
   * @throws InvalidInputException if the platform or the class path has no PyTorch
   */
  public static synchronized void start(int threads) {
    start(threads, true);
  }

  /**
   * {@link #start} in a process that has the processors to itself: threads that wait for each other
   * spin. Without effect once the engine is loaded.
   */
  public static synchronized void startAlone(int threads) {
    start(threads, false);
  }

  private static void start(int threads, boolean isShared) {
    // Offline, DJL neither downloads natives nor reports its use; nothing here runs two operators.
    System.setProperty("ai.djl.offline", "true");
    if (System.getProperty(INTEROP_THREADS) == null) {
      System.setProperty(INTEROP_THREADS, "1");
    }

    if (!prepared) {
      NativeRuntime.computeReproducibly();
      if (isShared) {
        NativeRuntime.sleepSoon();
      }

      prepared = true;
    }

    engine();
    if (threads > 0 && threads != JniUtils.getNumThreads()) {
      JniUtils.setNumThreads(threads);
    }

    JniUtils.setGradMode(false);
  }

  /**
   * Stops recording on this thread. libtorch keeps the mode for each thread and starts with
   * recording on, DJL turns it off only on the thread that loads the engine.
   */
  public static void stopRecording() {
    start(0);
  }

  /** CPU threads of one operator. */
  public static int threads() {
    start(0);
    return JniUtils.getNumThreads();
  }

  /** The first GPU if libtorch was built for one and there is one, else the CPU. */
  public static Device device() {
    start(0);
    used = engine().defaultDevice();
    return used;
  }

  /**
   * A GPU of this host.
   *
   * @throws InvalidInputException if libtorch sees no such GPU
   */
  public static Device gpu(int index) {
    int count = gpuCount();
    if (index < 0 || index >= count) {
      throw InvalidInputException.of(
          "Cannot use GPU %d: this PyTorch sees %d; check the driver, and PYTORCH_LIBRARY_PATH and"
              + " PYTORCH_FLAVOR of a CUDA build",
          index, count);
    }

    used = Device.gpu(index);
    return used;
  }

  /** GPUs that libtorch sees; none if it was built for the CPU. */
  public static int gpuCount() {
    start(0);
    return engine().defaultDevice().isGpu() ? engine().getGpuCount() : 0;
  }

  /** Version, flavor and folder of the libtorch that is loaded. */
  public static String description() {
    start(0);
    String folder = LibUtils.getLibtorchPath();
    String flavor = System.getenv().getOrDefault(FLAVOR, System.getProperty(FLAVOR, ""));
    return "libtorch %s%s in %s"
        .formatted(engine().getVersion(), flavor.isEmpty() ? "" : " " + flavor, folder);
  }

  /**
   * Bytes in use: of the GPU by whoever uses it, else of this process in memory; 0 where nobody
   * tells. Loads nothing.
   */
  public static long deviceMemory() {
    Device device = used;
    if (device != null && device.isGpu()) {
      return CudaUtils.getGpuMemory(device).getUsed();
    }

    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // not Linux
    }
  }

  private static Engine engine() {
    checkPlatform();
    InstalledLibtorch.configure();
    try {
      return Engine.getEngine(NAME);
    } catch (EngineException | LinkageError e) {
      throw new InvalidInputException(REMEDY.formatted(cause(e)), e);
    }
  }

  private static void checkPlatform() {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.equals("Linux amd64") && !InstalledLibtorch.isNamed()) {
      throw InvalidInputException.of(
          "Cannot load PyTorch on %s: its natives here are those of Linux amd64; run there, or set"
              + " PYTORCH_LIBRARY_PATH to the folder of a libtorch",
          platform);
    }
  }

  private static String cause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }

    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return message.startsWith("Offline mode") ? "no natives found" : message;
  }
}
