package instructvideo.job;

/** The command line: one subcommand a run. */
public final class Main {

  private Main() {}

  /** Runs a subcommand; the process ends with 0, 1 (failed) or 2 (usage). */
  public static void main(String[] args) {
    System.out.println("instructvideo " + String.join(" ", args));
  }
}
