package instructvideo.nn;

import ai.djl.util.cuda.CudaUtils;
import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

final class InstalledLibtorch {

  private static final String PATH = "PYTORCH_LIBRARY_PATH";
  private static final String FLAVOR = "PYTORCH_FLAVOR";
  private static final String JNA_PATH = "jna.library.path";

  private InstalledLibtorch() {}

  static boolean isNamed() {
    return !value(PATH).isEmpty();
  }

  static void configure() {
    if (isNamed()) {
      Path folder = folder(value(PATH));
      Path runtime = cudaRuntime(folder);
      if (Files.isDirectory(runtime) && System.getProperty(JNA_PATH) == null) {
        System.setProperty(JNA_PATH, runtime.toString());
      }

      if (value(FLAVOR).isEmpty()) {
        System.setProperty(FLAVOR, flavor(folder, CudaUtils.hasCuda()));
      }
    }
  }

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

  static String flavor(Path folder, boolean hasGpu) {
    return hasGpu && Files.exists(folder.resolve("libtorch_cuda.so")) ? "cu128" : "cpu";
  }

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
