package instructvideo.job.adapter;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import instructvideo.lora.LoraConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A directory that {@code PeftModel.from_pretrained} opens over the UNet. */
public final class PeftDirectory {

  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private PeftDirectory() {}

  /** Writes both files into a directory. */
  public static void write(Adapter adapter, Path directory) throws IOException {
    adapter.write(directory.resolve(WEIGHTS), PeftDirectory::key, 1.0);
    Files.writeString(directory.resolve(CONFIG), GSON.toJson(config(adapter)) + "\n");
  }

  /** Both files, by name. */
  public static SortedMap<String, byte[]> files(Adapter adapter) throws IOException {
    Path directory = Files.createTempDirectory("instructvideo");
    SortedMap<String, byte[]> files = new TreeMap<>();
    try {
      write(adapter, directory);
      for (String name : List.of(CONFIG, WEIGHTS)) {
        files.put(name, Files.readAllBytes(directory.resolve(name)));
      }
    } finally {
      for (String name : List.of(CONFIG, WEIGHTS)) {
        Files.deleteIfExists(directory.resolve(name));
      }

      Files.delete(directory);
    }

    return files;
  }

  private static String key(String name) {
    return name.replaceFirst("^unet\\.", "base_model.model.");
  }

  private static JsonObject config(Adapter adapter) {
    LoraConfig lora = adapter.config();
    JsonObject config = new JsonObject();
    config.add("alpha_pattern", new JsonObject());
    JsonObject model = new JsonObject();
    model.addProperty("base_model_class", "UNet3DConditionModel");
    model.addProperty("parent_library", "diffusers.models.unets.unet_3d_condition");
    config.add("auto_mapping", model);
    config.addProperty("base_model_name_or_path", adapter.baseModel());
    config.addProperty("bias", "none");
    config.addProperty("fan_in_fan_out", false);
    config.addProperty("inference_mode", true);
    config.addProperty("init_lora_weights", true);
    config.addProperty("lora_alpha", number(lora.alpha()));
    config.addProperty("lora_dropout", 0.0);
    config.addProperty("peft_type", "LORA");
    config.addProperty("r", lora.rank());
    config.add("rank_pattern", new JsonObject());
    JsonArray targets = new JsonArray();
    lora.targetModules().forEach(targets::add);
    config.add("target_modules", targets);
    for (String absent :
        List.of(
            "layers_pattern", "layers_to_transform", "modules_to_save", "revision", "task_type")) {
      config.add(absent, JsonNull.INSTANCE);
    }

    config.addProperty("use_dora", false);
    config.addProperty("use_rslora", false);
    return config;
  }

  /** 4 rather than 4.0, as PEFT writes it. */
  private static Number number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE) {
      return (int) value;
    }

    return value;
  }
}
