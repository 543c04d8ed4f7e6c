package instructvideo.job;

import instructvideo.job.config.Settings;
import java.util.List;

/** A subcommand. */
public interface Command {

  /** As typed, such as train or bench step. */
  String name();

  /** One line for the list of commands. */
  String summary();

  /** Command lines that work, for the help text. */
  List<String> examples();

  /** The options it takes, as reference.conf names them; --conf-file and --set come with each. */
  List<String> options();

  /** Whether it is of no use where a store that the settings name does not answer. */
  default boolean needsStores() {
    return true;
  }

  /**
   * Runs it.
   *
   * @return the exit code: 0, or 1 for a check that did not pass
   * @throws instructvideo.error.InvalidInputException for what the user can mend (exit code 2)
   */
  int run(Settings settings) throws Exception;
}
