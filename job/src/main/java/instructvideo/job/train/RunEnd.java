package instructvideo.job.train;

import instructvideo.job.config.GuardConfig;
import instructvideo.job.config.GuardConfig.Mode;
import instructvideo.job.run.GuardRecord;
import instructvideo.train.TrainState;
import java.util.Optional;

/** What is said where a run ends, or has ended. */
final class RunEnd {

  private RunEnd() {}

  /** Whether the guard has stopped it, by the limits of this start. */
  static boolean isStopped(Optional<GuardRecord> watched, GuardConfig now) {
    return now.mode() == Mode.STOP
        && watched
            .filter(GuardRecord::isStopped)
            .filter(record -> record.limits().equals(now.limits()))
            .isPresent();
  }

  /** Whether its last look was made. */
  static boolean isWatched(Optional<GuardRecord> watched) {
    return watched.filter(record -> !record.status().equals(GuardRecord.WATCHING)).isPresent();
  }

  static String text(TrainState end, Optional<GuardRecord> watched, String out) {
    if (watched.filter(GuardRecord::isStopped).isPresent()) {
      return stopped(watched.get(), out);
    }

    String text =
        "Trained %d rounds on %d samples: %s (export --run %s makes an adapter of it)"
            .formatted(end.round(), end.position(), out, out);
    return text + watched.map(record -> "%n".formatted() + best(record, out)).orElse("");
  }

  static String stopped(GuardRecord record, String out) {
    return "Stopped by the guard after round %d: %s.%n%s--guard warn would go on."
        .formatted(record.stoppedAfter(), record.reason(), best(record, out) + "%n".formatted());
  }

  private static String best(GuardRecord record, String out) {
    return record.best() == null
        ? "No checkpoint was looked at."
        : "Best checkpoint: round %d, %s (export --run %s --best)."
            .formatted(record.best().round(), record.best().reason(), out);
  }
}
