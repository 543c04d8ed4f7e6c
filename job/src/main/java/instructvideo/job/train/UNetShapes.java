package instructvideo.job.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import instructvideo.format.StateDict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The shapes of a UNet's tensors, for the LoRA weights that belong to them. */
final class UNetShapes {

  private UNetShapes() {}

  static Map<String, long[]> read(Path model) throws IOException {
    Map<String, long[]> shapes = new TreeMap<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      StateDict.read(manager, model.resolve("unet"), DataType.FLOAT32)
          .forEach((name, tensor) -> shapes.put(name, tensor.getShape().getShape()));
    }

    return shapes;
  }
}
