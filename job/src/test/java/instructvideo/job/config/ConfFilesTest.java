package instructvideo.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import instructvideo.job.Command;
import instructvideo.job.evaluate.EvaluateCommand;
import instructvideo.job.generate.GenerateCommand;
import instructvideo.job.prepare.PrepareCommand;
import instructvideo.job.score.ScoreCommand;
import instructvideo.job.train.TrainCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** conf/*.conf, which say the defaults again with more words. */
class ConfFilesTest {

  private static final Path CONF = Path.of("..", "conf");

  /**
   * Keys without an option are read by the command whose sections these are.
   *
   * @param sections beginnings of the keys that the command reads, whether or not they have options
   * @param fixed keys of these sections, and options, that the command takes from elsewhere
   */
  private record Known(Command command, List<String> sections, List<String> fixed) {}

  static Stream<Known> commands() {
    return Stream.of(
        new Known(
            new TrainCommand(),
            List.of(
                "reward.",
                "sampler.",
                "lora.",
                "optimizer.",
                "train.",
                "guard.",
                "tracking.",
                "spark"),
            List.of(
                "video.frames",
                "video.height",
                "video.width",
                "video.fps",
                "sampler.negative-prompt",
                "sampler.eta")),
        new Known(
            new PrepareCommand(),
            List.of("prepare.", "video.", "reward.config", "sampler.negative-prompt", "spark"),
            List.of()),
        new Known(
            new GenerateCommand(), List.of("adapter.", "generate.", "video.", "spark"), List.of()),
        new Known(
            new ScoreCommand(),
            List.of("score.", "reward.config", "reward.sums", "spark"),
            List.of()),
        new Known(
            new EvaluateCommand(),
            List.of("evaluate.", "adapter.", "video.", "reward.config", "reward.sums", "spark"),
            List.of()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void sayTheDefaults(Known known) throws IOException {
    String text = text(known);
    Settings defaults = Settings.load("", "", Map.of());
    Settings file = Settings.load(text, "file", Map.of());

    for (String key : keys(text)) {
      assertThat(value(file, key)).as(key).isEqualTo(value(defaults, key));
    }

    assertThat(file.run()).isEqualTo(defaults.run());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void haveEveryKeyOfTheirCommand(Known known) throws IOException {
    Set<String> expected = new TreeSet<>();
    Flags.of(known.command.name(), known.command.options())
        .forEach(flag -> expected.add(flag.key()));
    Flags.allKeys().stream()
        .map(Flags.Flag::key)
        .filter(key -> known.sections.stream().anyMatch(key::startsWith))
        .forEach(expected::add);
    known.fixed.forEach(expected::remove);

    assertThat(keys(text(known))).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void beginWithTheCommandThatUsesThem(Known known) throws IOException {
    String name = known.command.name();
    assertThat(text(known).lines().findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith(
                        "# bin/instructvideo %s --conf-file conf/%s.conf".formatted(name, name)));
  }

  private static String text(Known known) throws IOException {
    return Files.readString(CONF.resolve(known.command.name() + ".conf"));
  }

  private static Object value(Settings settings, String key) {
    return settings.resolved().getValue(key).unwrapped();
  }

  private static Set<String> keys(String text) {
    return new TreeSet<>(KnownKeys.of(ConfigFactory.parseString(text)).all());
  }
}
