package instructvideo.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import instructvideo.error.InvalidInputException;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchEngineTest {

  @Test
  void newThreadRecordsUntilItIsStopped() throws Exception {
    TorchEngine.start(0);
    var thread = Executors.newSingleThreadExecutor();
    try {
      assertThat(thread.submit(JniUtils::isGradMode).get()).isTrue();
      thread.submit(TorchEngine::stopRecording).get();
      assertThat(thread.submit(JniUtils::isGradMode).get()).isFalse();
    } finally {
      thread.shutdown();
    }
  }

  @Test
  void threadsCanBeChangedAndZeroLeavesThem() {
    TorchEngine.start(0);
    int before = JniUtils.getNumThreads();
    TorchEngine.start(before + 1);
    TorchEngine.start(0);

    assertThat(JniUtils.getNumThreads()).isEqualTo(before + 1);
    TorchEngine.start(before);
  }

  @Test
  void absentGpuIsRefused() {
    assertThatThrownBy(() -> TorchEngine.gpu(99))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot use GPU 99: this PyTorch sees ");
  }

  @Test
  void missingNativesAreToldInOneLine(@TempDir Path cache) throws Exception {
    String output = runElsewhere(cache, "Linux");

    assertThat(output)
        .isEqualTo(
            "Cannot load PyTorch: no natives found; put pytorch-native-cpu for linux-x86_64 on the"
                + " class path (--jars of spark-submit), or set PYTORCH_LIBRARY_PATH to the folder"
                + " of libtorch.so");
  }

  @Test
  void otherPlatformIsTold(@TempDir Path cache) throws Exception {
    assertThat(runElsewhere(cache, "Plan9")).startsWith("Cannot load PyTorch on Plan9 amd64: ");
  }

  /** Starts the engine in a JVM that has no natives on its class path. */
  private static String runElsewhere(Path cache, String platform) throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("pytorch-native"))
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(),
            "-Xmx128m",
            "-Dos.name=" + platform,
            "-DDJL_CACHE_DIR=" + cache,
            "-cp",
            classPath,
            Elsewhere.class.getName());
    builder.environment().remove("PYTORCH_LIBRARY_PATH");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return new String(output, StandardCharsets.UTF_8).strip();
  }

  /** The other JVM. */
  static final class Elsewhere {

    private Elsewhere() {}

    public static void main(String[] args) {
      try {
        TorchEngine.start(0);
        System.out.println("started");
      } catch (InvalidInputException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
