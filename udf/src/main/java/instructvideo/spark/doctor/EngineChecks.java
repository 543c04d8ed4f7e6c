package instructvideo.spark.doctor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import instructvideo.autograd.Gradients;
import instructvideo.nn.TorchEngine;
import instructvideo.spark.TaskDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Whether PyTorch loads and computes what it should, on the device that tasks get. */
final class EngineChecks {

  private static final Path NVIDIA = Path.of("/proc/driver/nvidia/version");
  private static final float TOLERANCE = 1e-3f; // a GPU may round to TF32

  private EngineChecks() {}

  /** A product of matrices, and its gradient: y = sum of (x w)^2, dy/dx = 2 (x w) w'. */
  static Check torch(int threads) {
    TorchEngine.start(threads);
    Device device = TaskDevice.get();
    try (NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
      NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
      NDArray w = manager.create(new float[] {1, -1, .5f, 2}, new Shape(2, 2));
      Gradients.Result result =
          Gradients.of(input -> input.matMul(w).square().sum(), x, manager.create(1f));
      float[] gradient = result.inputGradients()[0].toFloatArray();
      float value = result.value().toFloatArray()[0];
      // x w = [[2, 3], [5, 5]]: 4 + 9 + 25 + 25
      boolean isRight = near(value, 63) && near(gradient, -2, 14, 0, 25);
      String text = "%s, on %s".formatted(TorchEngine.description(), device);
      return isRight
          ? Check.ok("torch", text + ", a step and its gradient are right")
          : Check.fail(
              "torch",
              text + ", computes %s and %s".formatted(value, Arrays.toString(gradient)),
              "this PyTorch does not fit this machine: compare with 'instructvideo verify'");
    }
  }

  private static boolean near(float[] actual, float... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (!near(actual[i], expected[i])) {
        return false;
      }
    }

    return actual.length == expected.length;
  }

  private static boolean near(float actual, float expected) {
    return Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
  }

  static Check gpu() {
    int count = TorchEngine.gpuCount();
    if (count == 0 && Files.exists(NVIDIA)) {
      return Check.warn(
          "gpu",
          "this host has an NVIDIA driver, but PyTorch sees no GPU",
          "PYTORCH_LIBRARY_PATH and PYTORCH_FLAVOR of a CUDA build (operations.md, GPU)");
    }

    return Check.ok(
        "gpu",
        count == 0 ? "none: tasks run on the CPU" : count + ", tasks run on " + TaskDevice.get());
  }
}
