package instructvideo.job.cluster;

import java.io.IOException;

/** A process that is stopped for 19 of 20 parts of the time. */
final class SlowProcess implements AutoCloseable {

  private static final String SCRIPT =
      "while kill -STOP %1$d; do sleep 0.19; kill -CONT %1$d; sleep 0.01; done";

  private final ProcessHandle process;
  private final Process script;

  /** Slows a process down. */
  SlowProcess(ProcessHandle process) throws IOException {
    this.process = process;
    script = new ProcessBuilder("bash", "-c", SCRIPT.formatted(process.pid())).start();
    Runtime.getRuntime().addShutdownHook(new Thread(script::destroyForcibly));
  }

  /** Lets it run. */
  @Override
  public void close() throws IOException, InterruptedException {
    script.destroyForcibly().waitFor();
    Host.signal("CONT", process);
  }
}
