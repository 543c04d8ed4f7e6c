package instructvideo.job;

import java.util.ArrayList;
import java.util.List;

/** Several commands in one process, with "--next" between them; what fails is only told. */
public final class Commands {

  private Commands() {}

  /** Runs them; the last line of the output has their exit codes. */
  public static void main(String[] args) {
    List<Integer> codes = new ArrayList<>();
    List<String> command = new ArrayList<>();
    for (String arg : args) {
      if (arg.equals("--next")) {
        codes.add(Main.run(command.toArray(new String[0])));
        command.clear();
      } else {
        command.add(arg);
      }
    }

    codes.add(Main.run(command.toArray(new String[0])));
    System.out.println("exit codes " + codes);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
