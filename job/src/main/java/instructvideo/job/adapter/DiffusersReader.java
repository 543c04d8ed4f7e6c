package instructvideo.job.adapter;

import java.io.IOException;
import java.util.regex.Pattern;

/** A file of {@code save_lora_weights} in diffusers: alpha / rank is in the weights. */
final class DiffusersReader {

  static final String WEIGHTS = "pytorch_lora_weights.safetensors";

  private static final Pattern NAME =
      Pattern.compile("unet\\.(?<module>.+)\\.lora_(?<matrix>[AB])\\.weight");

  private DiffusersReader() {}

  static StoredAdapter read(String adapter, String file) throws IOException {
    return new StoredAdapter(
        adapter, LoraFile.read(adapter, file, NAME, "unet.MODULE.lora_A.weight"), 1);
  }
}
