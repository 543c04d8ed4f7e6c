package instructvideo.job.adapter;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.lora.LoraState;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** A directory of {@code PeftModel.save_pretrained}. */
final class PeftReader {

  static final String CONFIG = "adapter_config.json";

  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PICKLE = "adapter_model.bin";
  private static final Pattern NAME =
      Pattern.compile("base_model\\.model\\.(?<module>.+)\\.lora_(?<matrix>[AB])\\.weight");

  private PeftReader() {}

  static StoredAdapter read(String adapter) throws IOException {
    String config = adapter + "/" + CONFIG;
    double scale = PeftOptions.scale(Storage.readText(config), "", config);
    Path weights = new Path(adapter, WEIGHTS);
    if (!Storage.exists(weights)) {
      boolean isPickle = Storage.exists(new Path(adapter, PICKLE));
      throw InvalidInputException.of(
          "Cannot read the adapter %s: no %s there%s",
          adapter,
          WEIGHTS,
          isPickle
              ? "; %s is a pickle, save it again with safe_serialization=True".formatted(PICKLE)
              : "");
    }

    String example = "base_model.model.MODULE.lora_A.weight";
    LoraState lora = LoraFile.read(adapter, adapter + "/" + WEIGHTS, NAME, example);
    return new StoredAdapter(adapter, lora, scale);
  }
}
