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

public record ConfigFile(Path file, String model, JsonObject json) {
  public static ConfigFile read(Path file, String model) {
    return new ConfigFile(file, model, Json.read(file));
  }

  public ConfigFile in(String key) {
    JsonObject inner = json.get(key) instanceof JsonObject object ? object : new JsonObject();
    return new ConfigFile(file, model + "'s " + key, inner);
  }

  public boolean has(String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  public int count(String key, int defaultValue) {
    return has(key) ? count(key) : defaultValue;
  }

  public int count(String key) {
    double value = number(key);
    if (value == Math.rint(value) && !(value < 1.0) && !(value > 2.147483647E9)) {
      return (int) value;
    } else {
      throw invalid(key, "a whole number above 0");
    }
  }

  public double number(String key, double defaultValue) {
    return has(key) ? number(key) : defaultValue;
  }

  public double number(String key) {
    if (required(key) instanceof JsonPrimitive value && value.isNumber()) {
      return value.getAsDouble();
    } else {
      throw invalid(key, "a number");
    }
  }

  public boolean flag(String key) {
    if (!has(key)) {
      return false;
    } else if (json.get(key) instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    } else {
      throw invalid(key, "true or false");
    }
  }

  public String text(String key, String defaultValue) {
    if (!has(key)) {
      return defaultValue;
    } else if (json.get(key) instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    } else {
      throw invalid(key, "a text");
    }
  }

  public List<Integer> counts(String key) {
    if (required(key) instanceof JsonArray array && !array.isEmpty()) {
      JsonObject each = new JsonObject();
      ConfigFile values = new ConfigFile(file, model, each);
      return array.asList().stream()
          .map(
              element -> {
                each.add(key, element);
                return values.count(key);
              })
          .toList();
    } else {
      throw invalid(key, "a list of whole numbers");
    }
  }

  public List<String> texts(String key, String... built) {
    if (!(required(key) instanceof JsonArray array)) {
      throw invalid(key, "a list of " + String.join(", ", built));
    } else {
      for (JsonElement element : array) {
        if (!element.isJsonPrimitive() || !Arrays.asList(built).contains(element.getAsString())) {
          throw notBuilt(key, element.toString(), (Object[]) built);
        }
      }

      return array.asList().stream().<String>map(JsonElement::getAsString).toList();
    }
  }

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

  public void none(String... keys) {
    for (String key : keys) {
      if (has(key) && (!(json.get(key) instanceof JsonArray array) || !array.isEmpty())) {
        throw notBuilt(key, json.get(key).toString(), "null");
      }
    }
  }

  public void onlyKnown(Set<String> keys, String... more) {
    for (String key : json.keySet()) {
      boolean known = keys.contains(key) || Arrays.asList(more).contains(key);
      boolean off = !has(key) || json.get(key).equals(new JsonPrimitive(false));
      if (!known && !off) {
        throw notBuilt(key, json.get(key).toString(), "null");
      }
    }
  }

  public void isClass(String key, String... classes) {
    if (!has(key)) {
      throw InvalidInputException.of("Cannot build %s from %s: no %s in it", model, file, key);
    } else {
      only(key, (Object[]) classes);
    }
  }

  private static boolean same(JsonPrimitive value, Object built) {
    return built instanceof Number number
        ? value.isNumber() && value.getAsDouble() == number.doubleValue()
        : value.getAsString().equals(String.valueOf(built));
  }

  private JsonElement required(String key) {
    if (!has(key)) {
      throw InvalidInputException.of("Cannot build %s from %s: no %s in it", model, file, key);
    } else {
      return json.get(key);
    }
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
