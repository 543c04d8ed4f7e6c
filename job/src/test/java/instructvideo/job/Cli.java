package instructvideo.job;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Command lines, run in this JVM as a user types them. */
public final class Cli {

  /** The repository. */
  public static final Path ROOT = Path.of(System.getProperty("instructvideo.root"));

  /** Real videos of three frames at 8 a second. */
  public static final Path VIDEOS = ROOT.resolve("udf/src/test/resources/fixtures/video");

  /** The smallest reference case: its models are what the tests train. */
  public static final Path SQUARE = ROOT.resolve("udf/src/test/resources/fixtures/cases/square");

  private Cli() {}

  /** What a command ends with. */
  public record Result(int code, String out, String err) {}

  /** Runs a command; what it prints is kept. */
  public static Result run(List<String> args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream keptOut = new ByteArrayOutputStream();
    ByteArrayOutputStream keptErr = new ByteArrayOutputStream();
    try (PrintStream newOut = new PrintStream(keptOut, true, StandardCharsets.UTF_8);
        PrintStream newErr = new PrintStream(keptErr, true, StandardCharsets.UTF_8)) {
      System.setOut(newOut);
      System.setErr(newErr);
      int code = Main.run(args.toArray(new String[0]));
      return new Result(
          code, keptOut.toString(StandardCharsets.UTF_8), keptErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Runs a command with the models of {@link #SQUARE}. */
  static Result run(String command, String... more) {
    return run(args(command, more));
  }

  /** A command with the models of {@link #SQUARE}, on two threads of Spark. */
  static List<String> args(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(models());
    args.addAll(List.of("--master", "local[2]", "--threads", "2"));
    args.addAll(Arrays.asList(more));
    return args;
  }

  /** Options that name the models. */
  static List<String> models() {
    return List.of(
        "--model",
        SQUARE.resolve("pipeline").toString(),
        "--reward",
        "hpsv2=" + SQUARE.resolve("reward/HPS_v2.pt"),
        "--set",
        "reward.config=" + SQUARE.resolve("reward/config.json"));
  }

  /** Options of videos that fit those in {@link #VIDEOS}. */
  static String[] prepareOptions(Path prompts, String out, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("--prompts", prompts.toString(), "--videos", VIDEOS.toString(), "--out", out));
    options.addAll(List.of("--frames", "3", "--height", "32", "--width", "32", "--segments", "3"));
    options.addAll(List.of("--ddim-steps", "4", "--set", "prepare.chunk=3"));
    options.addAll(Arrays.asList(more));
    return options.toArray(new String[0]);
  }

  /** Options of a short training run. */
  static String[] trainOptions(String data, String out, String... more) {
    List<String> options = new ArrayList<>(List.of("--data", data, "--out", out));
    options.addAll(List.of("--ddim-steps", "4", "--segments", "3", "--lr", "1e-3"));
    options.addAll(Arrays.asList(more));
    return options.toArray(new String[0]);
  }
}
