package instructvideo.spark;

import ai.djl.Device;
import instructvideo.error.InvalidInputException;
import instructvideo.nn.TorchEngine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device of a Spark task: the GPU that Spark assigned, else what the engine finds. An
 * executor's models stay on one GPU, so it works on one.
 */
public final class TaskDevice {

  private static final Logger LOG = LoggerFactory.getLogger(TaskDevice.class);
  private static final String RESOURCE = "gpu";
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  /** The GPU that this executor works on; null before its first task. */
  private static String used;

  private TaskDevice() {}

  /**
   * The device of the task that runs on this thread.
   *
   * @throws InvalidInputException if the executor has a second GPU, or PyTorch does not see Spark's
   */
  public static synchronized Device get() {
    String address = address(TaskContext.get());
    if (address == null) {
      return TorchEngine.device();
    }

    if (used != null && !used.equals(address)) {
      throw InvalidInputException.of(
          "Invalid spark.executor.resource.gpu.amount: an executor on %s has the GPUs %s and %s,"
              + " but works on one; give it 1, and start an executor for each GPU",
          host(), used, address);
    }

    int ordinal = ordinal(address, TorchEngine.gpuCount(), System.getenv(VISIBLE));
    used = address;
    LOG.info("Spark's GPU {} on {} is PyTorch's cuda:{}", address, host(), ordinal);
    return TorchEngine.gpu(ordinal);
  }

  /**
   * PyTorch's number of a GPU.
   *
   * @param address as Spark's discovery script named it
   * @param count GPUs that PyTorch sees
   * @param visible CUDA_VISIBLE_DEVICES, null if it is not set: PyTorch counts in its order
   * @throws InvalidInputException if PyTorch sees no such GPU
   */
  static int ordinal(String address, int count, String visible) {
    if (count == 0) {
      throw InvalidInputException.of(
          "Cannot use GPU %s of %s: Spark assigned it, but PyTorch there sees no GPU; check"
              + " nvidia-smi on that host, and that PYTORCH_LIBRARY_PATH and PYTORCH_FLAVOR of the"
              + " executors name a CUDA build (on CPUs leave out spark.task.resource.gpu.amount)",
          address, host());
    }

    int listed =
        visible == null
            ? -1
            : Arrays.stream(visible.split(",")).map(String::strip).toList().indexOf(address);
    if (0 <= listed && listed < count) {
      return listed;
    }

    if (address.matches("\\d{1,4}") && Integer.parseInt(address) < count) {
      return Integer.parseInt(address);
    }

    if (count == 1) {
      LOG.warn("PyTorch on {} sees one GPU: taken for Spark's GPU {}", host(), address);
      return 0;
    }

    throw InvalidInputException.of(
        "Cannot use GPU %s of %s: Spark assigned it, but PyTorch there sees %d GPUs and none of"
            + " that number; let the discovery script print nvidia-smi's indexes, and"
            + " CUDA_VISIBLE_DEVICES (%s) hold it",
        address, host(), count, visible == null ? "not set" : visible);
  }

  private static String address(TaskContext context) {
    ResourceInformation gpu = context == null ? null : context.resourcesJMap().get(RESOURCE);
    return gpu != null && gpu.addresses().length != 0 ? gpu.addresses()[0] : null;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this host";
    }
  }
}
