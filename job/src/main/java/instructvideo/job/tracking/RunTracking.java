package instructvideo.job.tracking;

import instructvideo.job.Failures;
import instructvideo.job.config.TrackingConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of a training run where the settings say. No method throws or waits but {@link #close},
 * which waits for a bounded time. A run that was not {@link #finish}ed when it is closed has
 * failed; one that a signal ends was killed.
 */
public final class RunTracking implements AutoCloseable {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration PATIENCE_OF_SIGNALS = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(RunTracking.class);

  private final TrackedRun run;
  private final int videos;
  private final Duration patience;
  private final List<BackgroundTracker> trackers = new ArrayList<>();
  private final Thread hook = new Thread(this::killed, "tracking-end");
  private volatile int round;
  private volatile boolean begun;
  private volatile boolean finished;
  private boolean ended;

  private RunTracking(TrackingConfig config, TrackedRun run, Duration pause) {
    this.run = run;
    videos = config.videos();
    patience = Duration.ofSeconds(2L * config.mlflow().timeout() + 25);
    if (config.tensorboard()) {
      trackers.add(new BackgroundTracker(new TensorBoardTracker(run.out()), pause));
    }

    if (!config.mlflow().uri().isEmpty()) {
      MlflowServer server = MlflowServer.of(config.mlflow(), System.getenv());
      MlflowTracker tracker = new MlflowTracker(server, config.mlflow().experiment());
      trackers.add(new BackgroundTracker(tracker, pause));
      trackers.add(new BackgroundTracker(new MlflowFilesTracker(tracker, server), pause));
    }

    if (!trackers.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  /**
   * Trackers of a run; none if the settings name none.
   *
   * @throws instructvideo.error.InvalidInputException if the tracking server's address is none
   */
  public static RunTracking open(TrackingConfig config, TrackedRun run) {
    return open(config, run, FIRST_PAUSE);
  }

  static RunTracking open(TrackingConfig config, TrackedRun run, Duration pause) {
    return new RunTracking(config, run, pause);
  }

  /** Whether anything is told: if not, what is only made to be told need not be made. */
  public boolean isOn() {
    return !trackers.isEmpty();
  }

  /** Whether all trackers know all of a run that came to its end. */
  public boolean isTold() {
    List<String> names = trackers.stream().map(BackgroundTracker::name).toList();
    try {
      return names.isEmpty()
          || TrackingFile.read(run.out())
              .filter(file -> file.told() != null && file.told().containsAll(names))
              .isPresent();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** How many videos of each look are wanted. */
  public int videos() {
    return isOn() ? videos : 0;
  }

  /**
   * A run begins or goes on.
   *
   * @param resumed round of the checkpoint that it goes on from, 0 for none
   * @param earlier values by round, up to that one; only asked for where they are needed
   */
  public void begin(int resumed, Callable<SortedMap<Integer, SortedMap<String, Double>>> earlier) {
    round = resumed;
    begun = true;
    SortedMap<Integer, SortedMap<String, Double>> values =
        isOn() && resumed > 0 ? read(earlier) : new TreeMap<>();
    long now = System.currentTimeMillis();
    trackers.forEach(
        background -> background.tell(tracker -> tracker.begin(run, resumed, now, values)));
  }

  private static SortedMap<Integer, SortedMap<String, Double>> read(
      Callable<SortedMap<Integer, SortedMap<String, Double>>> earlier) {
    try {
      return earlier.call();
    } catch (Exception e) {
      LOG.warn("Cannot read the earlier rounds for the trackers: {}", Failures.line(e));
      return new TreeMap<>();
    }
  }

  /**
   * A round is done and will not be run again.
   *
   * @param values by name, such as train/loss
   */
  public void round(int done, SortedMap<String, Double> values) {
    round = done;
    long now = System.currentTimeMillis();
    trackers.forEach(background -> background.tell(tracker -> tracker.round(done, now, values)));
  }

  /**
   * The model was looked at.
   *
   * @param done the round before it, 0 before the first
   * @param values by name, such as eval/reward
   * @param all its videos, of which the first are taken
   */
  public void look(int done, SortedMap<String, Double> values, List<SampleVideo> all) {
    long now = System.currentTimeMillis();
    List<SampleVideo> taken = List.copyOf(all.subList(0, Math.min(videos, all.size())));
    long bytes = taken.stream().mapToLong(SampleVideo::bytes).sum();
    trackers.forEach(
        background ->
            background.tell(
                tracker -> tracker.look(done, now, values, taken),
                tracker -> tracker.look(done, now, values, List.of()),
                bytes));
  }

  /**
   * An adapter that is worth keeping, in place of an older one of that name.
   *
   * @param name of its folder, such as adapter or adapter-best
   * @param files by name
   */
  public void adapter(String name, SortedMap<String, byte[]> files) {
    long bytes = files.values().stream().mapToLong(file -> file.length).sum();
    trackers.forEach(
        background -> background.tell(tracker -> tracker.adapter(name, files), null, bytes));
  }

  /** The run came to its end as it should. */
  public void finish() {
    finished = true;
  }

  /** The run is over: waits until that is told, but not for long. */
  @Override
  public void close() {
    if (isOn() && removeHook()) {
      end(finished ? RunStatus.FINISHED : RunStatus.FAILED, patience);
    }
  }

  /** False if a signal is ending the JVM, and the hook runs already. */
  private boolean removeHook() {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private void killed() {
    end(
        RunStatus.KILLED,
        patience.compareTo(PATIENCE_OF_SIGNALS) < 0 ? patience : PATIENCE_OF_SIGNALS);
  }

  private synchronized void end(RunStatus status, Duration limit) {
    if (ended) {
      return;
    }

    ended = true;
    int last = round;
    long now = System.currentTimeMillis();
    if (begun) {
      trackers.forEach(background -> background.tell(tracker -> tracker.end(last, now, status)));
    }

    List<String> told = new ArrayList<>();
    for (BackgroundTracker background : trackers) {
      if (background.close(limit)) {
        told.add(background.name());
      }
    }

    if (begun && status == RunStatus.FINISHED) {
      remember(told);
    }
  }

  private void remember(List<String> told) {
    try {
      TrackingFile.of(run.out()).write(run.out(), told);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot write to {}: {}", run.out(), Failures.line(e));
    }
  }
}
