package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.Flags;
import instructvideo.job.config.Flags.Flag;
import instructvideo.job.config.Settings;
import instructvideo.reward.RewardArguments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The arguments of one subcommand: parsed, explained, turned into settings. */
final class CommandLine {

  private static final int WIDTH = 120;
  private static final String REWARDS = "reward.checkpoints";
  private static final String SUMS = "reward.sums";

  /** Maps whose entries may be given as PATH alone. */
  private static final Set<String> OPTIONAL_NAMES = Set.of("adapter.paths", "evaluate.prompts");

  private final Command command;
  private final List<Flag> flags;
  private final picocli.CommandLine parser;

  CommandLine(Command command) {
    this.command = command;
    flags = Flags.of(command.name(), command.options());
    parser = new picocli.CommandLine(spec()).setUsageHelpWidth(WIDTH);
  }

  boolean asksForHelp(List<String> args) {
    return args.contains("--help") || args.contains("-h");
  }

  String help() {
    return parser.getUsageMessage(picocli.CommandLine.Help.Ansi.OFF);
  }

  /** The settings that the arguments and their config file make. */
  Settings settings(List<String> args) {
    ParseResult parsed = parse(args);
    Map<String, String> overrides = new LinkedHashMap<>();
    for (Flag flag : flags) {
      if (parsed.hasMatchedOption(flag.name())) {
        add(flag, parsed, overrides);
      }
    }

    for (String setting : parsed.matchedOptionValue("--set", new String[0])) {
      int equals = equalsSign("--set", "key=value", setting);
      overrides.put(setting.substring(0, equals).strip(), setting.substring(equals + 1));
    }

    for (String setting : parsed.matchedOptionValue("--conf", new String[0])) {
      addSpark(setting, overrides);
    }

    SparkSessions.configureFromEnvironment();
    SparkSessions.configure(sparkSettings(overrides), true); // the file may lie behind them
    String file = parsed.matchedOptionValue("--conf-file", "");
    Preflight.check(file);
    return Settings.load(file.isEmpty() ? "" : Storage.readText(file), file, overrides);
  }

  /** As spark-submit takes them. */
  private static void addSpark(String setting, Map<String, String> overrides) {
    int equals = equalsSign("--conf", "spark.KEY=VALUE", setting);
    String key = setting.substring(0, equals).strip();
    if (!key.startsWith("spark.")) {
      throw InvalidInputException.of(
          "Invalid --conf: %s; it takes settings of Spark, --set takes all others", key);
    }

    overrides.put(key, setting.substring(equals + 1));
  }

  private static Map<String, String> sparkSettings(Map<String, String> overrides) {
    Map<String, String> settings = new LinkedHashMap<>();
    overrides.forEach(
        (key, value) -> {
          if (key.startsWith("spark.")) {
            settings.put(key.substring("spark.".length()), value);
          }
        });
    return settings;
  }

  private void add(Flag flag, ParseResult parsed, Map<String, String> overrides) {
    if (flag.isSwitch()) {
      overrides.put(flag.key(), "true");
      return;
    }

    String[] values = parsed.matchedOptionValue(flag.name(), new String[0]);
    if (flag.key().equals(REWARDS)) {
      RewardArguments given = RewardArguments.parse(List.of(values));
      given.checkpoints().forEach((name, uri) -> overrides.put(Settings.key(REWARDS, name), uri));
      given.sums().forEach((name, sum) -> overrides.put(Settings.key(SUMS, name), sum));
      return;
    }

    for (String value : values) {
      if (OPTIONAL_NAMES.contains(flag.key())) {
        overrides.put(Settings.key(flag.key(), nameOf(value)), pathOf(value));
      } else if (flag.isMap()) {
        int equals = equalsSign(flag.name(), flag.form(), value);
        String name = value.substring(0, equals).strip();
        overrides.put(Settings.key(flag.key(), name), value.substring(equals + 1));
      } else {
        overrides.put(flag.key(), value);
      }
    }
  }

  /** NAME of NAME=PATH; of a path alone, its last part without extension. */
  private static String nameOf(String value) {
    String path = pathOf(value);
    if (!path.equals(value)) {
      return value.substring(0, value.indexOf('='));
    }

    String last = path.replaceFirst("/+$", "").replaceFirst("^.*/", "");
    return last.replaceFirst("(?<=.)\\.[A-Za-z]+$", "");
  }

  /** PATH of NAME=PATH; a name has no slash, so that a path may have an equals sign. */
  private static String pathOf(String value) {
    return value.replaceFirst("^[^=/]+=", "");
  }

  private static int equalsSign(String option, String form, String value) {
    int equals = value.indexOf('=');
    if (equals < 1) {
      String shown = value.strip().split("\\s", 2)[0]; // behind a blank may stand a secret
      throw InvalidInputException.of("Invalid %s: %s; must be %s", option, shown, form);
    }

    return equals;
  }

  private ParseResult parse(List<String> args) {
    try {
      return parser.parseArgs(args.toArray(new String[0]));
    } catch (picocli.CommandLine.UnmatchedArgumentException e) {
      String argument = e.getUnmatched().get(0);
      throw InvalidInputException.of(
          "Unknown argument of %s: %s; the nearest option is %s, 'instructvideo %s --help' lists all",
          command.name(), argument, Flags.nearest(argument, flags), command.name());
    } catch (picocli.CommandLine.ParameterException e) {
      throw new InvalidInputException(
          "Invalid arguments of " + command.name() + ": " + e.getMessage(), e);
    }
  }

  private CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("instructvideo " + command.name());
    spec.usageMessage()
        .description(command.summary())
        .sortOptions(false)
        .footerHeading("%nExamples:%n")
        .footer(command.examples().stream().map(line -> "  " + line).toArray(String[]::new));
    flags.forEach(flag -> spec.addOption(option(flag)));
    spec.addOption(
        OptionSpec.builder("--conf-file")
            .type(String.class)
            .paramLabel("URI")
            .description("Config file (HOCON) with any of the keys below; see conf/.")
            .build());
    spec.addOption(
        OptionSpec.builder("--set")
            .type(String[].class)
            .paramLabel("KEY=VALUE")
            .description("Sets any key of the configuration; may be given again.")
            .build());
    spec.addOption(
        OptionSpec.builder("--conf")
            .type(String[].class)
            .paramLabel("spark.KEY=VALUE")
            .description("Sets a setting of Spark, as with spark-submit; may be given again.")
            .build());
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this text.").build());
    return spec;
  }

  /** All options take an array, so that the last of several wins without an error of the parser. */
  private static OptionSpec option(Flag flag) {
    if (flag.isSwitch()) {
      return OptionSpec.builder(flag.name())
          .type(boolean[].class)
          .arity("0")
          .description((flag.help() + " [" + flag.key() + "]").replace("%", "%%"))
          .build();
    }

    String suffix = flag.isMap() || flag.defaultValue().equals("\"\"") ? "" : defaultOf(flag);
    return OptionSpec.builder(flag.name())
        .type(String[].class)
        .arity("1")
        .paramLabel(flag.form())
        .description((flag.help() + suffix + " [" + flag.key() + "]").replace("%", "%%"))
        .build();
  }

  private static String defaultOf(Flag flag) {
    return flag.defaultValue().startsWith("$") ? "" : "; default " + flag.defaultValue();
  }
}
