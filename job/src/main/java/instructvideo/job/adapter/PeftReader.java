package instructvideo.job.adapter;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.lora.LoraState;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** A directory of {@code PeftModel.save_pretrained}. */
final class PeftReader {

  static final String CONFIG = "adapter_config.json";

  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PICKLE = "adapter_model.bin";
  private static final Pattern NAME =
      Pattern.compile("base_model\\.model\\.(?<module>.+)\\.lora_(?<matrix>[AB])\\.weight");

  /** Options that change what the weights mean, with the values that do not. */
  private static final Map<String, String> PLAIN =
      Map.of(
          "bias", "\"none\"",
          "use_dora", "false",
          "fan_in_fan_out", "false",
          "rank_pattern", "{}",
          "alpha_pattern", "{}",
          "modules_to_save", "null");

  private PeftReader() {}

  static StoredAdapter read(String adapter) throws IOException {
    double scale = scale(adapter);
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

  /** lora_alpha / r; with use_rslora, lora_alpha / sqrt(r). */
  private static double scale(String adapter) {
    String file = adapter + "/" + CONFIG;
    try {
      JsonObject config = JsonParser.parseString(Storage.readText(file)).getAsJsonObject();
      if (!config.has("peft_type") || !config.get("peft_type").getAsString().equals("LORA")) {
        throw InvalidInputException.of(
            "Cannot read %s: peft_type is %s; read here is LORA", file, config.get("peft_type"));
      }

      PLAIN.forEach((option, value) -> checkPlain(file, config, option, value));
      JsonElement rslora = config.get("use_rslora");
      boolean isRslora = rslora != null && !rslora.isJsonNull() && rslora.getAsBoolean();
      double rank = config.get("r").getAsInt();
      double scale = config.get("lora_alpha").getAsDouble() / (isRslora ? Math.sqrt(rank) : rank);
      if (!Double.isFinite(scale)) {
        throw new IllegalStateException("lora_alpha / r is no number");
      }

      return scale;
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw new InvalidInputException(
          "Cannot read %s: not PEFT's config of an adapter (%s)".formatted(file, e.getMessage()),
          e);
    }
  }

  private static void checkPlain(String file, JsonObject config, String option, String value) {
    JsonElement given = config.get(option);
    if (given != null && !given.isJsonNull() && !given.toString().equals(value)) {
      throw InvalidInputException.of(
          "Cannot read %s: %s is %s; read here: %s", file, option, given, value);
    }
  }
}
