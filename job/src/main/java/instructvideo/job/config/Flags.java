package instructvideo.job.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The command-line options that stand for keys: the comment of a key names its option in brackets.
 */
public final class Flags {

  private static final Pattern OPTION = Pattern.compile("^\\[(--[a-z-]+)] (.*)$");

  /**
   * An option of the command line.
   *
   * @param name such as --rank
   * @param key such as lora.rank
   * @param help one line
   * @param defaultValue as reference.conf has it
   */
  public record Flag(String name, String key, String help, String defaultValue) {

    private String section() {
      return key.split("\\.", 2)[0];
    }

    /** Whether the option needs no value. */
    public boolean isSwitch() {
      return defaultValue.equals("false");
    }

    /** Whether the value is like NAME=PATH, and the option may be given again. */
    public boolean isMap() {
      return defaultValue.equals("{}");
    }

    /** How a value looks: of a map the first word of the help text, such as NAME=PATH. */
    public String form() {
      return isMap() ? help.split(" ", 2)[0] : "VALUE";
    }
  }

  private static final Map<String, List<Flag>> BY_NAME = read();

  private Flags() {}

  /**
   * The flags of these names, in this order. Where several keys have one, the command's own section
   * wins: --videos of score is score.videos; else the first in reference.conf.
   *
   * @param command such as score or bench score
   */
  public static List<Flag> of(String command, List<String> names) {
    Set<String> sections = Set.of(command.split(" ", -1));
    List<Flag> flags = new ArrayList<>();
    for (String name : names) {
      List<Flag> candidates = BY_NAME.get(name);
      if (candidates == null) {
        throw new IllegalArgumentException("reference.conf names no option " + name);
      }

      flags.add(
          candidates.stream()
              .filter(flag -> sections.contains(flag.section()))
              .findFirst()
              .orElse(candidates.get(0)));
    }

    return flags;
  }

  /** The name most like an argument that is none of them. */
  public static String nearest(String argument, List<Flag> flags) {
    String name = argument.split("=", 2)[0];
    Set<String> names =
        flags.stream().map(Flag::name).collect(Collectors.toCollection(LinkedHashSet::new));
    return KnownKeys.nearest(name, names);
  }

  /** Every key with its help and default, for the manual: keys without an option have name "". */
  public static List<Flag> allKeys() {
    KnownKeys known = KnownKeys.of(Settings.reference());
    return known.all().stream().map(key -> flag(known, key)).toList();
  }

  private static Map<String, List<Flag>> read() {
    Map<String, List<Flag>> flags = new LinkedHashMap<>();
    for (Flag flag : allKeys()) {
      if (!flag.name.isEmpty()) {
        flags.computeIfAbsent(flag.name, name -> new ArrayList<>()).add(flag);
      }
    }

    return flags;
  }

  private static Flag flag(KnownKeys known, String key) {
    Matcher matcher = OPTION.matcher(known.comment(key));
    String text = known.defaultValue(key);
    String defaultValue = known.isMap(key) ? "{}" : text;
    return matcher.matches()
        ? new Flag(matcher.group(1), key, matcher.group(2), defaultValue)
        : new Flag("", key, known.comment(key), defaultValue);
  }
}
