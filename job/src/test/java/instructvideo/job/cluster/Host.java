package instructvideo.job.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A host of the cluster: an address, folders of its own, a worker of Spark with two cores and two
 * GPUs of which there is nothing but their numbers, and the executors that the worker starts.
 */
final class Host implements AutoCloseable {

  private final String master;
  private final String address;
  private final Path folder;
  private final Path gpus;
  private Output worker;
  private int starts;

  /**
   * A host without a worker.
   *
   * @param gpus a discovery script
   */
  Host(String master, String address, Path folder, Path gpus) throws IOException {
    this.master = master;
    this.address = address;
    this.folder = Files.createDirectories(folder);
    this.gpus = gpus;
  }

  /** An executor's process, with the folder that it runs in. */
  record Executor(ProcessHandle process, Path folder) {

    /** What it has written to its log. */
    String log() throws IOException {
      return Files.readString(folder.resolve("stderr"));
    }

    /** What its threads do now. */
    String stacks() throws IOException, InterruptedException {
      Path out = folder.resolve("stdout");
      long before = Files.size(out);
      signal("QUIT", process);
      for (int i = 0; i < 50 && Files.size(out) == before; i++) {
        Thread.sleep(2);
      }

      Thread.sleep(5);
      String text = Files.readString(out);
      return text.substring((int) Math.min(before, text.length()));
    }
  }

  /** Sends a signal. */
  static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
  }

  /** Starts the worker, with folders that no earlier one has used. */
  void start() throws IOException {
    start(folder.resolve("cache"));
  }

  /**
   * The same.
   *
   * @param cache for copies of models
   */
  void start(Path cache) throws IOException {
    starts++;
    Path tmp = Files.createDirectories(folder.resolve("tmp"));
    List<String> options =
        List.of(
            "-Djava.io.tmpdir=" + tmp,
            "-Dspark.decommission.enabled=true",
            "-Dspark.worker.resource.gpu.amount=2",
            "-Dspark.worker.resource.gpu.discoveryScript=" + gpus);
    List<String> args =
        List.of("--host", address, "--cores", "2", "--memory", "2g", "--webui-port", "0");
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of("--work-dir", work().toString(), master));
    ProcessBuilder builder =
        Jvm.builder(Jvm.SPARK + "/jars/*", options, "org.apache.spark.deploy.worker.Worker", all);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_LOCAL_IP",
                address,
                "SPARK_LOCAL_DIRS",
                tmp.toString(),
                "INSTRUCTVIDEO_CACHE",
                cache.toString(),
                "JAVA_TOOL_OPTIONS",
                "-Djava.io.tmpdir=" + tmp));
    worker =
        new Output("The worker of " + address, builder.start(), folder.resolve("log" + starts));
  }

  String address() {
    return address;
  }

  Path folder() {
    return folder;
  }

  boolean isUp() {
    return worker.process().isAlive();
  }

  Output worker() {
    return worker;
  }

  private Path work() throws IOException {
    return Files.createDirectories(folder.resolve("work"));
  }

  /** Executors that run. */
  List<Executor> executors() throws IOException {
    List<Executor> executors = new ArrayList<>();
    for (ProcessHandle process : worker.process().children().toList()) {
      try {
        Path cwd = Files.readSymbolicLink(Path.of("/proc/%d/cwd".formatted(process.pid())));
        boolean logs = Files.exists(cwd.resolve("stdout")) && Files.exists(cwd.resolve("stderr"));
        if (cwd.startsWith(work()) && logs) {
          executors.add(new Executor(process, cwd));
        }
      } catch (IOException e) {
        // It has just ended.
      }
    }

    return executors;
  }

  /** Logs of the latest application's executors. */
  List<Path> logs() throws IOException {
    try (Stream<Path> all = Files.list(work())) {
      Path latest = all.max(Comparator.comparing(Path::getFileName)).orElseThrow();
      try (Stream<Path> executors = Files.list(latest)) {
        return executors.map(executor -> executor.resolve("stderr")).sorted().toList();
      }
    }
  }

  /** Removes what executors were sent: a quarter of a gigabyte each. */
  void removeJars() throws IOException {
    try (Stream<Path> all = Files.walk(work())) {
      for (Path jar : all.filter(path -> path.toString().endsWith(".jar")).toList()) {
        Files.delete(jar);
      }
    }
  }

  /** SIGKILL of the worker; its executors notice that it is gone. */
  void killWorker() throws InterruptedException {
    worker.kill();
  }

  /** Ends worker and executors. */
  @Override
  public void close() {
    if (worker != null) {
      worker.close();
    }
  }
}
