package instructvideo.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import instructvideo.error.InvalidInputException;
import instructvideo.error.Secrets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings of one command: reference.conf under a file under the command line.
 *
 * @param run all settings, as records
 * @param resolved the same tree as HOCON
 * @param given only what the file and the command line say
 */
public record Settings(RunConfig run, Config resolved, Config given) {

  /**
   * Reads the three layers.
   *
   * @param file text of the config file, "" for none
   * @param fileName for messages
   * @param overrides values by key, text as a user types it
   * @throws InvalidInputException if a key is unknown (the nearest known one is named), a value is
   *     of the wrong type or out of range
   */
  public static Settings load(String file, String fileName, Map<String, String> overrides) {
    try {
      Config given = overrides(overrides).withFallback(parse(file, fileName));
      Config reference = reference();
      KnownKeys.of(reference).check(given, fileName);
      Config resolved = given.withFallback(reference).resolve();
      return new Settings(RecordBinder.bind(resolved, RunConfig.class), resolved, given);
    } catch (ConfigException e) {
      throw new InvalidInputException("Invalid settings: " + oneLine(e.getMessage()), e);
    }
  }

  /** The defaults, not yet resolved, with their comments. */
  static Config reference() {
    return ConfigFactory.parseResources(Settings.class.getClassLoader(), "reference.conf");
  }

  /** Whether the file or the command line sets a key. */
  public boolean isGiven(String key) {
    return given.hasPath(key);
  }

  /** A path or URI that the command cannot do without. */
  public String required(String key, String option) {
    String value = resolved.getString(key);
    if (value.isBlank()) {
      throw InvalidInputException.of("Missing %s: give it, or %s in the config file", option, key);
    }

    return value;
  }

  /**
   * Refuses URIs that carry credentials: they would be written into tables, runs and pages.
   *
   * @throws InvalidInputException naming the first
   */
  public void refuseCredentials() {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(entries()).entrySet()) {
      String value = String.valueOf(entry.getValue().unwrapped());
      if (Secrets.isIn(value)) {
        throw InvalidInputException.of(
            "Invalid %s: %s carries credentials, which would be written into tables and pages; give"
                + " them as settings of Spark (spark.hadoop.fs.s3a.access.key, secret.key), in the"
                + " environment, or download a signed URL first",
            entry.getKey(), Secrets.strip(value));
      }
    }
  }

  /** All but what is made for them: settings of Spark and the address of a tracking server. */
  private Map<String, ConfigValue> entries() {
    return resolved.entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith("spark."))
        .filter(entry -> !entry.getKey().equals("tracking.mlflow.uri"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The resolved tree as JSON, keys sorted. */
  public String json() {
    return resolved.root().render(ConfigRenderOptions.concise().setFormatted(true));
  }

  private static Config parse(String text, String name) {
    if (text.isEmpty()) {
      return ConfigFactory.empty();
    }

    try {
      return ConfigFactory.parseString(text);
    } catch (ConfigException e) {
      throw InvalidInputException.of("Cannot read %s: %s", name, oneLine(e.getMessage()));
    }
  }

  /**
   * Values are text, so that a URI needs no quotes; a list or an object is HOCON.
   *
   * @param overrides in the order in which they were given
   */
  private static Config overrides(Map<String, String> overrides) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> entry : overrides.entrySet()) {
      String value = entry.getValue().strip();
      boolean structured = value.startsWith("[") || value.startsWith("{");
      String key = path(entry.getKey());
      Config one =
          structured
              ? ConfigFactory.parseString(key + "=" + value)
              : ConfigFactory.parseMap(Map.of(key, entry.getValue()), "command line");
      config = one.withFallback(config);
    }

    return config;
  }

  /** Spark's keys may hold any character, such as spark.metrics.conf.*.sink.csv.class. */
  private static String path(String key) {
    return key.startsWith("spark.") && key.indexOf('"') < 0
        ? ConfigUtil.joinPath(List.of(key.split("\\.", -1)))
        : key;
  }

  /** Dotted key of a map entry whose name may hold any character. */
  public static String key(String section, String name) {
    return section + "." + ConfigUtil.joinPath(Collections.singletonList(name));
  }

  /** A message without line breaks. */
  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\n\\s*", " ");
  }
}
