package instructvideo.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import instructvideo.error.InvalidInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model's config.json, read strictly: what is missing, of another type, or says something that is
 * not built here is an {@link InvalidInputException} that names the file, the key and the value.
 *
 * @param file it was read from, for messages
 * @param model that it describes, for messages
 */
public record ConfigFile(Path file, String model, JsonObject json) {

  /** Of a tower or a level: the deepest models have half of it. */
  private static final int MAX_LAYERS = 100;

  /** The models that are built here have four; each halves the picture. */
  private static final int MAX_LEVELS = 8;

  /**
   * Reads a JSON object.
   *
   * @throws InvalidInputException if there is no such file, or no JSON object in it
   */
  public static ConfigFile read(Path file, String model) {
    return new ConfigFile(file, model, Json.read(file));
  }

  /** The object under a key; an empty one if there is none. */
  public ConfigFile in(String key) {
    JsonObject inner = json.get(key) instanceof JsonObject object ? object : new JsonObject();
    return new ConfigFile(file, model + "'s " + key, inner);
  }

  /** Whether a key is there and not null. */
  public boolean has(String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  /** A whole number above 0. */
  public int count(String key, int defaultValue) {
    return has(key) ? count(key) : defaultValue;
  }

  /** A whole number above 0, which must be there. */
  public int count(String key) {
    double value = number(key);
    if (value == Math.rint(value) && value >= 1 && value <= Integer.MAX_VALUE) {
      return (int) value;
    }

    throw invalid(key, "a whole number above 0");
  }

  /** A number. */
  public double number(String key, double defaultValue) {
    return has(key) ? number(key) : defaultValue;
  }

  /** A finite number, which must be there. */
  public double number(String key) {
    if (required(key) instanceof JsonPrimitive value && value.isNumber()) {
      double number = value.getAsDouble();
      if (Double.isFinite(number)) {
        return number;
      }
    }

    throw invalid(key, "a number");
  }

  /** A number of layers: above 0, and few enough to name the tensors of all of them. */
  public int layers(String key, int defaultValue) {
    int layers = count(key, defaultValue);
    if (layers <= MAX_LAYERS) {
      return layers;
    }

    throw invalid(key, "at most " + MAX_LAYERS);
  }

  /** True or false; false if it is not there. */
  public boolean flag(String key) {
    if (!has(key)) {
      return false;
    }

    if (json.get(key) instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    }

    throw invalid(key, "true or false");
  }

  /** A text. */
  public String text(String key, String defaultValue) {
    if (!has(key)) {
      return defaultValue;
    }

    if (json.get(key) instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    }

    throw invalid(key, "a text");
  }

  /** A list of one or more whole numbers above 0, which must be there. */
  public List<Integer> counts(String key) {
    if (required(key) instanceof JsonArray array
        && !array.isEmpty()
        && array.size() <= MAX_LEVELS) {
      JsonObject each = new JsonObject();
      ConfigFile values = new ConfigFile(file, model, each);
      return array.asList().stream()
          .map(
              element -> {
                each.add(key, element);
                return values.count(key);
              })
          .toList();
    }

    throw invalid(key, "a list of 1 to %d whole numbers".formatted(MAX_LEVELS));
  }

  /**
   * A list, which must be there.
   *
   * @param built the values that are known; any other is refused
   */
  public List<String> texts(String key, String... built) {
    if (!(required(key) instanceof JsonArray array)) {
      throw invalid(key, "a list of " + String.join(", ", built));
    }

    for (JsonElement element : array) {
      if (!element.isJsonPrimitive() || !Arrays.asList(built).contains(element.getAsString())) {
        throw notBuilt(key, element.toString(), (Object[]) built);
      }
    }

    return array.asList().stream().map(JsonElement::getAsString).toList();
  }

  /** Refuses any value of a key but those that are built here; a key that is not there passes. */
  public void only(String key, Object... built) {
    if (has(key)) {
      JsonElement value = json.get(key);
      for (Object one : built) {
        if (value instanceof JsonPrimitive primitive && same(primitive, one)) {
          return;
        }
      }

      throw notBuilt(key, value.toString(), built);
    }
  }

  /** Refuses keys with any value but null and an empty list. */
  public void none(String... keys) {
    for (String key : keys) {
      if (has(key) && (!(json.get(key) instanceof JsonArray array) || !array.isEmpty())) {
        throw notBuilt(key, json.get(key).toString(), "null");
      }
    }
  }

  /** Refuses keys of neither list, unless they are null or false. */
  public void onlyKnown(Set<String> keys, String... more) {
    for (String key : json.keySet()) {
      boolean known = keys.contains(key) || Arrays.asList(more).contains(key);
      boolean off = !has(key) || json.get(key).equals(new JsonPrimitive(false));
      if (!known && !off) {
        throw notBuilt(key, json.get(key).toString(), "null");
      }
    }
  }

  /** Refuses a config that does not say, or says another class than those built here. */
  public void isClass(String key, String... classes) {
    if (!has(key)) {
      throw InvalidInputException.of("Cannot build %s from %s: no %s in it", model, file, key);
    }

    only(key, (Object[]) classes);
  }

  /** Numbers are compared as such: 1 is 1.0. */
  private static boolean same(JsonPrimitive value, Object built) {
    return built instanceof Number number
        ? value.isNumber() && value.getAsDouble() == number.doubleValue()
        : value.getAsString().equals(String.valueOf(built));
  }

  private JsonElement required(String key) {
    if (!has(key)) {
      throw InvalidInputException.of("Cannot build %s from %s: no %s in it", model, file, key);
    }

    return json.get(key);
  }

  private InvalidInputException invalid(String key, String what) {
    return InvalidInputException.of(
        "Invalid %s in %s: %s; must be %s", key, file, json.get(key), what);
  }

  private InvalidInputException notBuilt(String key, String value, Object... built) {
    return InvalidInputException.of(
        "Cannot build %s from %s: %s is %s; built here: %s",
        model,
        file,
        key,
        value,
        Arrays.stream(built).map(String::valueOf).collect(Collectors.joining(", ")));
  }
}
