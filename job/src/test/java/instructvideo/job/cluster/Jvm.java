package instructvideo.job.cluster;

import instructvideo.job.Cli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Command lines of JVMs. */
final class Jvm {

  /** Spark's own jars. */
  static final Path SPARK = Cli.ROOT.resolve("deploy/spark/target/spark");

  private Jvm() {}

  /** A JVM with both outputs in one; it lives for seconds, so it is not compiled for years. */
  static ProcessBuilder builder(String classPath, String main, String... args) {
    return builder(classPath, List.of(), main, List.of(args));
  }

  /**
   * The same.
   *
   * @param options of the JVM
   */
  static ProcessBuilder builder(
      String classPath, List<String> options, String main, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + Cli.ROOT.resolve("conf/jvm.options"));
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dlog4j2.configurationFile=" + Cli.ROOT.resolve("conf/log4j2.properties"));
    command.add("-Daws.java.v1.disableDeprecationAnnouncement=true");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("SPARK_HOME", SPARK.toString(), "SPARK_SCALA_VERSION", "2.12"));
    return builder;
  }
}
