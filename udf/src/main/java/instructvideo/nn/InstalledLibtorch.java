package instructvideo.nn;

import ai.djl.util.cuda.CudaUtils;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A libtorch that the host has already, in place of the one DJL brings: PYTORCH_LIBRARY_PATH names
 * its folder, as environment variable or system property.
 */
final class InstalledLibtorch {

  private static final String PATH = "PYTORCH_LIBRARY_PATH";
  private static final String FLAVOR = "PYTORCH_FLAVOR";
  private static final String JNA_PATH = "jna.library.path";

  private InstalledLibtorch() {}

  /** Whether PYTORCH_LIBRARY_PATH is set. */
  static boolean isNamed() {
    return !value(PATH).isEmpty();
  }

  /**
   * Tells DJL and JNA about it, to be called before the engine starts; without one it does nothing.
   *
   * @throws InvalidInputException if no folder of PYTORCH_LIBRARY_PATH has a libtorch.so
   */
  static void configure() {
    if (!isNamed()) {
      return;
    }

    Path folder = folder(value(PATH));
    Path runtime = cudaRuntime(folder);
    if (Files.isDirectory(runtime) && System.getProperty(JNA_PATH) == null) {
      System.setProperty(JNA_PATH, runtime.toString());
    }

    if (value(FLAVOR).isEmpty()) {
      System.setProperty(FLAVOR, flavor(folder, CudaUtils.hasCuda()));
    }
  }

  /** The first of the folders, separated by ":", with a libtorch.so. */
  static Path folder(String path) {
    return Arrays.stream(path.split(":"))
        .map(Path::of)
        .filter(folder -> Files.exists(folder.resolve("libtorch.so")))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Invalid PYTORCH_LIBRARY_PATH: %s; there is no libtorch.so, give its folder on"
                        + " this host (site-packages/torch/lib of pip's torch 2.7.1)",
                    path));
  }

  /** The name of DJL's build that fits: for CUDA if the host has a GPU and libtorch can use it. */
  static String flavor(Path folder, boolean hasGpu) {
    return hasGpu && Files.exists(folder.resolve("libtorch_cuda.so")) ? "cu128" : "cpu";
  }

  /** Where pip's torch has the CUDA runtime: in a package beside it. DJL counts GPUs with it. */
  static Path cudaRuntime(Path folder) {
    try {
      return folder.toRealPath().resolve("../../nvidia/cuda_runtime/lib").normalize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String value(String name) {
    String value = System.getenv(name);
    return value == null ? System.getProperty(name, "") : value;
  }
}
