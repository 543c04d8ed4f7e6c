package instructvideo.job.adapter;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import instructvideo.error.InvalidInputException;
import java.util.Map;

/** PEFT's options of an adapter, in adapter_config.json or in a file's metadata. */
final class PeftOptions {

  /** Options that change what the weights mean, with the values that do not. */
  private static final Map<String, String> PLAIN =
      Map.of(
          "bias", "\"none\"",
          "use_dora", "false",
          "fan_in_fan_out", "false",
          "rank_pattern", "{}",
          "alpha_pattern", "{}",
          "modules_to_save", "null");

  private PeftOptions() {}

  /**
   * What the product of the two matrices is multiplied by: lora_alpha / r; with use_rslora,
   * lora_alpha / sqrt(r).
   *
   * @param prefix of the options' names
   * @param file for messages
   * @throws InvalidInputException if they say something that is not built here
   */
  static double scale(String json, String prefix, String file) {
    try {
      JsonObject config = JsonParser.parseString(json).getAsJsonObject();
      JsonElement type = config.get(prefix + "peft_type");
      if (type != null && !type.getAsString().equals("LORA")) {
        throw InvalidInputException.of(
            "Cannot read %s: peft_type is %s; read here is LORA", file, type);
      }

      PLAIN.forEach((option, value) -> checkPlain(file, config, prefix + option, value));
      JsonElement rslora = config.get(prefix + "use_rslora");
      boolean isRslora = rslora != null && !rslora.isJsonNull() && rslora.getAsBoolean();
      double rank = config.get(prefix + "r").getAsInt();
      double alpha = config.get(prefix + "lora_alpha").getAsDouble();
      double scale = alpha / (isRslora ? Math.sqrt(rank) : rank);
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
