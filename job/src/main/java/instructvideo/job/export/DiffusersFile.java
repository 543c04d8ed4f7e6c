package instructvideo.job.export;

import instructvideo.job.adapter.Adapter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * One safetensors file with the names of {@code save_lora_weights} in diffusers. It holds no alpha,
 * and readers take alpha = rank: the scale is multiplied into B.
 */
final class DiffusersFile {

  static final String WEIGHTS = "pytorch_lora_weights.safetensors";

  private DiffusersFile() {}

  /** Writes the file into a directory. */
  static void write(Adapter adapter, Path directory) throws IOException {
    adapter.write(directory.resolve(WEIGHTS), UnaryOperator.identity(), adapter.config().scale());
  }
}
