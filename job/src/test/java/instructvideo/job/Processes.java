package instructvideo.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes of the shaded jar with Spark's own jars, as bin/instructvideo starts them. */
final class Processes {

  private static final Path JAR = Cli.ROOT.resolve("job/target/instructvideo.jar");
  private static final Path NATIVES = Cli.ROOT.resolve("job/target/natives");
  private static final Path SPARK = Cli.ROOT.resolve("deploy/spark/target/spark");
  private static final String MAIN = "instructvideo.job.Main";
  private static final String NEVER = "\0";

  private Processes() {}

  /** A process that has ended, with its standard error. */
  record Ended(int code, List<String> err) {

    String text() {
      return String.join("\n", err);
    }
  }

  /** The command line of a subcommand in a JVM of its own. */
  static List<String> instructvideo(List<String> args) {
    String classPath = JAR + ":" + NATIVES + "/*:" + SPARK + "/jars/*";
    return command(classPath, MAIN, args);
  }

  /**
   * The command line of {@link Commands}.
   *
   * @param log configuration of its logs
   */
  static List<String> commands(Path log, List<String> args) {
    String tests = Cli.ROOT.resolve("job/target/test-classes").toString();
    String classPath = tests + ":" + JAR + ":" + NATIVES + "/*:" + SPARK + "/jars/*";
    List<String> command = command(classPath, Commands.class.getName(), args);
    command.replaceAll(
        arg -> arg.startsWith("-Dlog4j2") ? "-Dlog4j2.configurationFile=" + log : arg);
    return command;
  }

  /** The command line of spark-submit. */
  static List<String> sparkSubmit(String master, List<String> args) throws IOException {
    return sparkSubmit(master, List.of(), args);
  }

  /**
   * The same with more jars.
   *
   * @param jars of rewards
   */
  static List<String> sparkSubmit(String master, List<Path> jars, List<String> args)
      throws IOException {
    List<String> submit = new ArrayList<>(List.of("--master", master, "--class", MAIN));
    try (Stream<Path> natives = Files.list(NATIVES)) {
      List<String> all = new ArrayList<>(List.of(natives.findFirst().orElseThrow().toString()));
      jars.forEach(jar -> all.add(jar.toString()));
      submit.addAll(List.of("--jars", String.join(",", all)));
    }

    submit.add(JAR.toString());
    submit.addAll(args);
    return command(SPARK + "/jars/*", "org.apache.spark.deploy.SparkSubmit", submit);
  }

  private static List<String> command(String classPath, String main, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + Cli.ROOT.resolve("conf/jvm.options"));
    command.add("-Xmx1g");
    command.add("-Dlog4j2.configurationFile=" + Cli.ROOT.resolve("conf/log4j2.properties"));
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(args);
    return command;
  }

  /** Runs a command to its end. */
  static Ended run(List<String> command) throws IOException, InterruptedException {
    return run(command, NEVER);
  }

  /** Runs a command to its end; a file takes what it prints. */
  static Ended run(List<String> command, Path out) throws IOException, InterruptedException {
    return run(command, NEVER, ProcessBuilder.Redirect.to(out.toFile()));
  }

  /** Runs a command; SIGKILL ends it as soon as a line of its standard error has some text. */
  static Ended run(List<String> command, String killAt) throws IOException, InterruptedException {
    return run(command, killAt, ProcessBuilder.Redirect.DISCARD);
  }

  private static Ended run(List<String> command, String killAt, ProcessBuilder.Redirect out)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(out);
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", SPARK.toString());
    environment.put("SPARK_SCALA_VERSION", "2.12");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    List<String> err = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch read = new CountDownLatch(1);
    Thread reader = new Thread(() -> read(process, err, killAt, read));
    reader.setDaemon(true);
    reader.start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }

    if (!read.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The standard error of " + command + " stays open");
    }

    return new Ended(process.waitFor(), List.copyOf(err));
  }

  private static void read(Process process, List<String> err, String killAt, CountDownLatch end) {
    try (BufferedReader lines = process.errorReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.add(line);
        if (line.contains(killAt)) {
          process.destroyForcibly(); // SIGKILL
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      end.countDown();
    }
  }
}
