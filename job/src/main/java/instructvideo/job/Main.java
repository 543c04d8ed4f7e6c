package instructvideo.job;

import instructvideo.error.InvalidInputException;
import instructvideo.job.config.Settings;
import instructvideo.job.demo.DemoCommand;
import instructvideo.job.doctor.DoctorCommand;
import instructvideo.job.evaluate.EvaluateCommand;
import instructvideo.job.export.ExportCommand;
import instructvideo.job.generate.GenerateCommand;
import instructvideo.job.prepare.PrepareCommand;
import instructvideo.job.reference.BenchStepCommand;
import instructvideo.job.reference.VerifyCommand;
import instructvideo.job.report.ReportCommand;
import instructvideo.job.score.BenchScoreCommand;
import instructvideo.job.score.ScoreCommand;
import instructvideo.job.top.TopCommand;
import instructvideo.job.train.BenchRoundsCommand;
import instructvideo.job.train.TrainCommand;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;

/** The command line: one subcommand a run. */
public final class Main {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private static final String HEAP =
      "error: Cannot go on: the Java heap is full; give a larger one: INSTRUCTVIDEO_HEAP, or"
          + " spark.driver.memory";

  private static final List<Command> COMMANDS =
      List.of(
          new DemoCommand(),
          new TopCommand(),
          new PrepareCommand(),
          new TrainCommand(),
          new ExportCommand(),
          new GenerateCommand(),
          new EvaluateCommand(),
          new ReportCommand(),
          new ScoreCommand(),
          new VerifyCommand(),
          new DoctorCommand(),
          new BenchStepCommand(),
          new BenchScoreCommand(),
          new BenchRoundsCommand());

  private Main() {}

  /** Runs a subcommand; the process ends with 0, 1 (failed) or 2 (usage). */
  public static void main(String[] args) {
    int code = run(args);
    System.out.flush();
    // DJL and ffmpeg leave threads behind; the exit code must not wait for them.
    Runtime.getRuntime().exit(code);
  }

  /** Runs a subcommand in this JVM; errors are one line on the standard error. */
  static int run(String... args) {
    try {
      return dispatch(Arrays.asList(args));
    } catch (Exception | LinkageError | FSError e) {
      return report(e);
    } catch (OutOfMemoryError e) {
      System.err.println(HEAP); // nothing may be made now
      return FAILED;
    }
  }

  private static int dispatch(List<String> args) throws Exception {
    if (args.isEmpty() || args.get(0).equals("--help") || args.get(0).equals("-h")) {
      System.out.println(overview());
      return args.isEmpty() ? USAGE : OK;
    }

    if (args.get(0).equals("--version")) {
      String version = Main.class.getPackage().getImplementationVersion();
      System.out.println("instructvideo " + (version == null ? "(not packaged)" : version));
      return OK;
    }

    Command command = command(args);
    int words = command.name().split(" ", -1).length;
    List<String> rest = args.subList(words, args.size());
    CommandLine line = new CommandLine(command);
    if (line.asksForHelp(rest)) {
      System.out.print(line.help());
      return OK;
    }

    Settings settings = line.settings(rest);
    SparkSessions.configure(settings.run().spark(), false);
    settings.refuseCredentials();
    if (command.needsStores()) {
      Preflight.check(settings.run());
    }

    try {
      return command.run(settings);
    } catch (Exception | FSError e) {
      if (invalidInput(e) == null && FullDisk.isCause(e)) {
        throw FullDisk.told(e, settings.run().out());
      }

      throw e;
    }
  }

  private static Command command(List<String> args) {
    String words = String.join(" ", args) + " ";
    return COMMANDS.stream()
        .filter(command -> words.startsWith(command.name() + " "))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "Unknown command: %s; the commands are %s",
                    args.get(0),
                    COMMANDS.stream().map(Command::name).collect(Collectors.joining(", "))));
  }

  private static String overview() {
    StringBuilder text = new StringBuilder();
    text.append(
        "InstructVideo on Spark: reward fine-tuning of text-to-video diffusion models.\n\n");
    text.append("Usage: instructvideo COMMAND [OPTIONS]\n\nCommands:\n");
    COMMANDS.forEach(
        command -> text.append("  %-12s %s%n".formatted(command.name(), command.summary())));
    return text.append("\n'instructvideo COMMAND --help' explains a command.").toString();
  }

  /** One line; the stack trace only where INSTRUCTVIDEO_TRACE is set. */
  private static int report(Throwable error) {
    if (System.getenv("INSTRUCTVIDEO_TRACE") != null) {
      System.err.print(Failures.trace(error));
    }

    InvalidInputException invalid = invalidInput(error);
    if (invalid != null) {
      System.err.println("error: " + Failures.line(invalid));
      return USAGE;
    }

    String remedy =
        StoreRemedy.known(error)
            .map(known -> "; %s; then start the same command again".formatted(known))
            .orElse("");
    System.err.println("error: " + Failures.line(error) + remedy);
    return FAILED;
  }

  private static InvalidInputException invalidInput(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInputException invalid) {
        return invalid;
      }
    }

    return Failures.remoteInvalidInput(error);
  }
}
