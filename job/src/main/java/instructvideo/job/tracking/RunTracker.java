package instructvideo.job.tracking;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/**
 * Where a run is told of. Called by one thread; may block and may fail: {@link BackgroundTracker}
 * tries again. What is told twice is there once.
 */
sealed interface RunTracker extends AutoCloseable
    permits TensorBoardTracker, MlflowTracker, MlflowFilesTracker {

  /** For messages; holds no password. */
  String name();

  /**
   * A run begins or goes on.
   *
   * @param round of the checkpoint that it goes on from, 0 for none
   * @param earlier values by round, up to that one
   */
  void begin(
      TrackedRun run, int round, long time, SortedMap<Integer, SortedMap<String, Double>> earlier)
      throws IOException;

  /** A round is done. */
  void round(int round, long time, SortedMap<String, Double> values) throws IOException;

  /** The model was looked at after a round. */
  void look(int round, long time, SortedMap<String, Double> values, List<SampleVideo> videos)
      throws IOException;

  /**
   * An adapter is there, in place of an older one of that name.
   *
   * @param files by name
   */
  void adapter(String name, SortedMap<String, byte[]> files) throws IOException;

  /** The run is over. */
  void end(int round, long time, RunStatus status) throws IOException;

  /** Nothing more will be told. */
  @Override
  void close();
}
