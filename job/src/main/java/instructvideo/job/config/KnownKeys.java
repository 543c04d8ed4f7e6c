package instructvideo.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import instructvideo.error.InvalidInputException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The keys of reference.conf and what their comments say. */
final class KnownKeys {

  /** Their entries have names of the user's choice. */
  private static final Set<String> MAPS =
      Set.of(
          "reward.checkpoints",
          "reward.heads",
          "reward.fit",
          "reward.sums",
          "adapter.paths",
          "evaluate.prompts",
          "guard.rewards",
          "demo.variants",
          "spark");

  private final Map<String, ConfigValue> keys = new LinkedHashMap<>();

  private KnownKeys() {}

  static KnownKeys of(Config reference) {
    KnownKeys known = new KnownKeys();
    known.collect("", reference.root());
    return known;
  }

  /** Refuses a key that is not there. */
  void check(Config given, String fileName) {
    check("", given.root(), fileName);
  }

  /** The comment of a key, in one line. */
  String comment(String key) {
    return value(key).origin().comments().stream()
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  /** The default of a key as text. */
  String defaultValue(String key) {
    return value(key).render();
  }

  boolean isMap(String key) {
    return MAPS.contains(key);
  }

  Set<String> all() {
    return keys.keySet();
  }

  /** The key most like another text. */
  static String nearest(String text, Set<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(text, candidate)))
        .orElseThrow();
  }

  /** From the whole key, or from its last part if only the section is missing or wrong. */
  private static int distance(String text, String candidate) {
    LevenshteinDistance levenshtein = LevenshteinDistance.getDefaultInstance();
    int whole = levenshtein.apply(text, candidate);
    int last = levenshtein.apply(last(text), last(candidate)) * 2 + 1;
    return Math.min(whole * 2, last);
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private ConfigValue value(String key) {
    ConfigValue value = keys.get(key);
    if (value == null) {
      throw new IllegalArgumentException("reference.conf has no key " + key);
    }

    return value;
  }

  /** In the order of the file, which the objects themselves do not keep. */
  private void collect(String section, ConfigObject object) {
    object.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .forEach(entry -> collect(section, entry.getKey(), entry.getValue()));
  }

  private void collect(String section, String name, ConfigValue value) {
    String key = section + name;
    if (value instanceof ConfigObject inner && !MAPS.contains(key)) {
      collect(key + ".", inner);
    } else {
      keys.put(key, value);
    }
  }

  private void check(String section, ConfigObject object, String fileName) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = section + entry.getKey();
      if (keys.containsKey(key)) {
        continue;
      }

      boolean isSection = keys.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
      if (isSection && entry.getValue() instanceof ConfigObject inner) {
        check(key + ".", inner, fileName);
      } else {
        throw unknown(leaf(key, entry.getValue()), entry.getValue(), fileName);
      }
    }
  }

  /** The first key below an object, as the user wrote it. */
  private static String leaf(String key, ConfigValue value) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      Map.Entry<String, ConfigValue> first = object.entrySet().iterator().next();
      return leaf(key + "." + first.getKey(), first.getValue());
    }

    return key;
  }

  private InvalidInputException unknown(String key, ConfigValue value, String fileName) {
    Set<String> names = new LinkedHashSet<>(keys.keySet());
    boolean fromFile = value.origin().lineNumber() >= 0 && !fileName.isEmpty();
    String where =
        fromFile ? fileName + " line " + value.origin().lineNumber() : "the command line";
    return InvalidInputException.of(
        "Unknown key %s (%s); the nearest known key is %s", key, where, nearest(key, names));
  }
}
