package instructvideo.job.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

final class DiffusersFile {
  static final String WEIGHTS = "pytorch_lora_weights.safetensors";

  private DiffusersFile() {}

  static void write(Adapter adapter, Path directory) throws IOException {
    adapter.write(directory.resolve(WEIGHTS), UnaryOperator.identity(), adapter.config().scale());
  }
}
