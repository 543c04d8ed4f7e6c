package instructvideo.job.adapter;

import instructvideo.format.SafeTensors;
import instructvideo.job.ModelFiles;
import instructvideo.lora.LoraState;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A file of {@code save_lora_weights} in diffusers: alpha = rank, unless PEFT's options are in its
 * metadata.
 */
final class DiffusersReader {

  static final String WEIGHTS = "pytorch_lora_weights.safetensors";

  private static final String OPTIONS = "lora_adapter_metadata";
  private static final Pattern NAME =
      Pattern.compile("unet\\.(?<module>.+)\\.lora_(?<matrix>[AB])\\.weight");

  private DiffusersReader() {}

  static StoredAdapter read(String adapter, String file) throws IOException {
    LoraState lora = LoraFile.read(adapter, file, NAME, "unet.MODULE.lora_A.weight");
    String options = SafeTensors.metadata(ModelFiles.local(file)).get(OPTIONS);
    double scale = options == null ? 1 : PeftOptions.scale(options, "unet.", file);
    return new StoredAdapter(adapter, lora, scale);
  }
}
