package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PyTorch's number of the GPU that Spark assigned, by what CUDA_VISIBLE_DEVICES makes visible. */
class TaskDeviceTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0, 1, -, 0", // nothing hidden: PyTorch numbers as nvidia-smi does
        "3, 8, -, 3",
        "3, 2, '2,3', 1", // hidden: a place in the list
        "2, 4, '3,2,1,0', 1", // and not the number, though there is such a GPU
        "5, 2, ' 4 , 5 ', 1",
        "GPU-8f2e, 2, 'GPU-11aa,GPU-8f2e', 1",
        "1, 4, '4,5,6,7', 1", // not listed: the list was set for the whole host
        "7, 1, -, 0", // one GPU is that one
        "GPU-8f2e, 1, -, 0",
        "7, 1, '', 0"
      })
  void ordinal(String address, int count, String visible, int expected) {
    assertThat(TaskDevice.ordinal(address, count, visible)).isEqualTo(expected);
  }

  @Test
  void withoutGpuOfPyTorch() {
    refused("0", 0, "0", "Cannot use GPU 0 of ", "PyTorch there sees no GPU; check nvidia-smi");
  }

  @Test
  void gpuThatPyTorchDoesNotSee() {
    refused("5", 2, null, "sees 2 GPUs and none of that number", "CUDA_VISIBLE_DEVICES (not set)");
    refused("5", 2, "0,1", "Cannot use GPU 5 of ", "CUDA_VISIBLE_DEVICES (0,1)");
    refused("GPU-8f2e", 2, "GPU-1", "Cannot use GPU GPU-8f2e of ", "(GPU-1)");
    refused("2", 2, "0,1,2", "Cannot use GPU 2 of ", "(0,1,2)"); // listed past what PyTorch sees
    refused("99999999999", 2, null, "Cannot use GPU 99999999999 of ", "(not set)");
  }

  @Test
  void taskWithoutGpuOnAnExecutorThatHasSome() {
    assertThatThrownBy(() -> TaskDevice.checkNoneIsAssigned("1"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(
            "Cannot use a GPU of ",
            "spark.executor.resource.gpu.amount=1, but this task was given none",
            "set spark.task.resource.gpu.amount to 1");
    assertThatCode(() -> TaskDevice.checkNoneIsAssigned("0")).doesNotThrowAnyException();
  }

  private static void refused(String address, int count, String visible, String... messages) {
    assertThatThrownBy(() -> TaskDevice.ordinal(address, count, visible))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(messages);
  }
}
