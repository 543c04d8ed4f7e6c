package instructvideo.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import instructvideo.error.InvalidInputException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Makes a record of a HOCON object: every component has a key in kebab-case. */
final class RecordBinder {

  private RecordBinder() {}

  static <R extends Record> R bind(Config config, Class<R> type) {
    return bind(config, "", type);
  }

  private static <R extends Record> R bind(Config config, String section, Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(config, section + kebab(components[i].getName()), components[i]);
    }

    return construct(type, components, values);
  }

  private static Object value(Config config, String key, RecordComponent component) {
    Class<?> type = component.getType();
    if (type == List.class) {
      Class<?> element = elementType(component);
      return element == Integer.class ? config.getIntList(key) : config.getStringList(key);
    }

    if (type == Map.class) {
      return strings(config.getConfig(key));
    }

    return type.isRecord()
        ? bind(config, key + ".", type.asSubclass(Record.class))
        : scalar(config, key, type);
  }

  private static Object scalar(Config config, String key, Class<?> type) {
    if (type == int.class) {
      return config.getInt(key);
    } else if (type == long.class) {
      return config.getLong(key);
    } else if (type == double.class) {
      return config.getDouble(key);
    } else if (type == boolean.class) {
      return config.getBoolean(key);
    } else if (type == String.class) {
      return config.getString(key);
    } else if (type.isEnum()) {
      return enumValue(config, key, type);
    }

    throw new IllegalArgumentException("No reader for " + type + ", the type of " + key);
  }

  private static Object enumValue(Config config, String key, Class<?> type) {
    String text = config.getString(key);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> kebab(constant.toString()).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Invalid %s: %s; must be one of %s",
                    key,
                    text,
                    Arrays.stream(type.getEnumConstants()).map(c -> kebab(c.toString())).toList()));
  }

  private static Map<String, String> strings(Config config) {
    Map<String, String> map = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      map.put(key, entry.getValue().unwrapped().toString());
    }

    return map;
  }

  private static <R> R construct(Class<R> type, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new InvalidInputException(
          "Invalid setting: " + e.getCause().getMessage(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Record without its canonical constructor: " + type, e);
    }
  }

  private static Class<?> elementType(RecordComponent component) {
    return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
  }

  /** guidanceScale and GUIDANCE_SCALE to guidance-scale. */
  static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
