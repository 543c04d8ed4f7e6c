package instructvideo.job.cluster;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.util.Time;

/**
 * A standalone master, two hosts with a worker each, and an S3 server: all files of drivers and
 * executors go through it.
 */
final class Cluster implements AutoCloseable {

  private static final Path JAR = Cli.ROOT.resolve("job/target/instructvideo.jar");
  private static final Path DEFAULTS = Cli.ROOT.resolve("conf/spark-defaults.conf");

  /** Ends with that text: what stands for a host's own folder, or for a GPU. */
  private static final List<String> OF_THE_HOST =
      List.of("INSTRUCTVIDEO_CACHE", "DJL_CACHE_DIR", ".resource.gpu.amount", "discoveryScript");

  private final Path folder;
  private final S3Process s3;
  private final Output master;
  private final String masterUrl;
  private final URI masterPage;
  private final List<Host> hosts = new ArrayList<>();
  private final List<Output> drivers = new ArrayList<>();

  /** Starts all. */
  Cluster(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    s3 = new S3Process(Files.createDirectories(folder.resolve("s3")));
    int port = freePort();
    int page = freePort();
    masterUrl = "spark://127.0.0.1:" + port;
    masterPage = URI.create("http://127.0.0.1:" + page + "/json/");
    String[] args = {"--host", "127.0.0.1", "--port", "" + port, "--webui-port", "" + page};
    ProcessBuilder builder =
        Jvm.builder(
            Jvm.SPARK + "/jars/*",
            List.of(),
            "org.apache.spark.deploy.master.Master",
            List.of(args));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    master = new Output("The master", builder.start(), folder.resolve("master.log"));
    await("the master", () -> workers() != null);
    Path gpus = discoveryScript(folder);
    for (int i = 2; i <= 3; i++) {
      Host host = new Host(masterUrl, "127.0.0." + i, folder.resolve("host" + i), gpus);
      hosts.add(host);
      host.start();
    }

    settle();
  }

  /** deploy/gpu-discovery.sh, as on a host with two GPUs. */
  private static Path discoveryScript(Path folder) throws IOException {
    Path script = folder.resolve("gpus.sh");
    String text = "#!/bin/sh\nGPUS='0 1' exec '%s'\n";
    Files.writeString(script, text.formatted(Cli.ROOT.resolve("deploy/gpu-discovery.sh")));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A condition. */
  interface Condition {

    /** Whether it holds. */
    boolean holds() throws IOException, InterruptedException;
  }

  /** Waits until a condition holds, a minute at most. */
  static void await(String what, Condition condition) throws IOException, InterruptedException {
    long end = Time.monotonicNow() + 60_000;
    while (!condition.holds()) {
      if (Time.monotonicNow() > end) {
        throw new AssertionError("Waited a minute in vain for " + what);
      }

      Thread.sleep(20);
    }
  }

  S3Process s3() {
    return s3;
  }

  List<Host> hosts() {
    return hosts;
  }

  /** Executors of all hosts. */
  List<Host.Executor> executors() throws IOException {
    List<Host.Executor> executors = new ArrayList<>();
    for (Host host : hosts) {
      executors.addAll(host.executors());
    }

    return executors;
  }

  /** Waits for an executor that is in the middle of a method, as its threads say. */
  Host.Executor executorIn(String method) throws IOException, InterruptedException {
    List<Host.Executor> found = new ArrayList<>();
    await(
        "an executor in " + method,
        () -> {
          for (Host.Executor executor : executors()) {
            if (executor.stacks().contains(method)) {
              found.add(executor);
              return true;
            }
          }

          return false;
        });
    return found.get(0);
  }

  /** The host that an executor runs on. */
  Host hostOf(Host.Executor executor) {
    return hosts.stream()
        .filter(host -> executor.folder().startsWith(host.folder()))
        .findFirst()
        .orElseThrow();
  }

  /** Ends faults and drivers, and starts workers that are gone. */
  void settle() throws IOException, InterruptedException {
    s3.heal();
    drivers.forEach(Output::close);
    drivers.clear();
    for (Host host : hosts) {
      if (!host.isUp()) {
        stop(host);
        host.start();
      }
    }

    awaitIdle();
    for (Host host : hosts) {
      host.removeJars();
    }
  }

  /** Waits until both workers are there, without executors. */
  void awaitIdle() throws IOException, InterruptedException {
    Map<String, String> idle = new TreeMap<>();
    hosts.forEach(host -> idle.put(host.address(), "IDLE"));
    await("two idle workers", () -> idle.equals(workers()) && executors().isEmpty());
  }

  /** Workers that the master counts on, by address: IDLE or BUSY; null if it does not answer. */
  private Map<String, String> workers() {
    Map<String, String> states = new TreeMap<>();
    try (Reader reader =
        new InputStreamReader(masterPage.toURL().openStream(), StandardCharsets.UTF_8)) {
      JsonObject page = JsonParser.parseReader(reader).getAsJsonObject();
      for (JsonElement element : page.getAsJsonArray("workers")) {
        JsonObject worker = element.getAsJsonObject();
        String state = worker.get("state").getAsString();
        if (!state.equals("DEAD") && !state.equals("DECOMMISSIONED")) {
          boolean isIdle = worker.get("coresused").getAsInt() == 0;
          states.put(worker.get("host").getAsString(), isIdle ? "IDLE" : "BUSY");
        }
      }
    } catch (IOException e) {
      return null;
    }

    return states;
  }

  /** Ends a host's worker, and waits until the master knows. */
  void stop(Host host) throws IOException, InterruptedException {
    host.close();
    await(
        "the master to miss " + host.address(),
        () -> workers() != null && !workers().containsKey(host.address()));
  }

  /**
   * Starts a command with the settings that conf/spark-defaults.conf ships, but those of memory,
   * cores and GPUs, on executors that have a host each.
   *
   * @param settings of Spark that win over them
   */
  Output driver(Map<String, String> settings, List<String> command) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(shipped());
    all.putAll(
        Map.of(
            "spark.executor.memory", "512m",
            "spark.executor.cores", "2",
            "spark.task.cpus", "2",
            "spark.cores.max", "4",
            "spark.scheduler.minRegisteredResourcesRatio", "1.0"));
    all.merge(
        "spark.executor.extraJavaOptions",
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        (shipped, ours) -> shipped + " " + ours);
    s3.settings().forEach((key, value) -> all.put("spark." + key, value));
    all.putAll(settings);
    List<String> args = new ArrayList<>(List.of("--master", masterUrl));
    all.forEach((key, value) -> args.addAll(List.of("--conf", key + "=" + value)));
    args.addAll(List.of("--class", "instructvideo.job.Main", "--jars", natives()));
    args.add(JAR.toString());
    args.addAll(command);
    Path own = Files.createDirectories(folder.resolve("driver" + drivers.size()));
    ProcessBuilder builder =
        Jvm.builder(
            Jvm.SPARK + "/jars/*",
            List.of("-Djava.io.tmpdir=" + Files.createDirectories(own.resolve("tmp"))),
            "org.apache.spark.deploy.SparkSubmit",
            args);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "INSTRUCTVIDEO_CACHE",
                own.resolve("cache").toString()));
    Path log = Files.createTempFile(folder, command.get(0), ".log");
    Output driver = new Output(command.get(0), builder.start(), log);
    drivers.add(driver);
    return driver;
  }

  /** The settings that are shipped, as deploy/spark-submit.sh gives them with GPU=0. */
  private static Map<String, String> shipped() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : Files.readAllLines(DEFAULTS)) {
      String[] setting = line.split("\\s+", 2);
      if (line.startsWith("spark.") && OF_THE_HOST.stream().noneMatch(setting[0]::endsWith)) {
        settings.put(setting[0], setting[1].strip());
      }
    }

    return settings;
  }

  private static String natives() throws IOException {
    try (var jars = Files.list(Cli.ROOT.resolve("job/target/natives"))) {
      return jars.findFirst().orElseThrow().toString();
    }
  }

  @Override
  public void close() throws IOException {
    drivers.forEach(Output::close);
    hosts.forEach(Host::close);
    master.close();
    s3.close();
  }
}
