package instructvideo.job.report;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.report.RunFacts.Checkpoints;
import instructvideo.job.run.GuardRecord;
import instructvideo.job.run.Look;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.run.RunRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** Reads the directory of a run, also while training goes on. */
public final class RunReader {

  private static final String ROUND = "round=";

  /** The newest checkpoints are read whole, to see whether they are. */
  private static final int CHECKED = 10;

  private final String uri;
  private final RunDirectory directory;
  private final RunRecord record;
  private final List<Integer> committed;

  private RunReader(String uri, RunDirectory directory, RunRecord record, List<Integer> committed) {
    this.uri = uri;
    this.directory = directory;
    this.record = record;
    this.committed = committed;
  }

  /**
   * Opens a run.
   *
   * @throws InvalidInputException if there is none, or none of its rounds is finished
   */
  public static RunReader open(String uri) throws IOException {
    RunDirectory directory = new RunDirectory(uri);
    RunRecord record = directory.required();
    List<Integer> committed =
        directory.committedRounds().stream().filter(round -> round > 0).toList();
    if (committed.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot report on %s: none of its rounds is finished; train writes figures after each",
          uri);
    }

    return new RunReader(uri, directory, record, committed);
  }

  /** All that the page shows of it. */
  public RunFacts read(SparkSession spark) throws IOException {
    List<Integer> finished = new ArrayList<>();
    List<Integer> cutOff = new ArrayList<>();
    for (String name : Storage.list(directory.metrics())) {
      if (name.matches(ROUND + "[0-9]+")) {
        int round = Integer.parseInt(name.substring(ROUND.length()));
        (round <= committed.get(0) ? finished : cutOff).add(round);
      }
    }

    if (finished.isEmpty()) {
      throw InvalidInputException.of(
          "Cannot report on %s: %s has no figures of its rounds", uri, directory.metrics());
    }

    return new RunFacts(
        uri, record, rounds(spark, finished), GuardRecord.read(new Path(uri)), checkpoints(cutOff));
  }

  private List<RoundFigures> rounds(SparkSession spark, List<Integer> finished) {
    String[] paths =
        finished.stream()
            .map(round -> new Path(directory.metrics(), ROUND + "%05d".formatted(round)))
            .map(Path::toString)
            .toArray(String[]::new);
    return spark
        .read()
        .option("basePath", directory.metrics().toString())
        .option("mergeSchema", true) // a later version may have gone on with the run
        .parquet(paths)
        .orderBy("round")
        .collectAsList()
        .stream()
        .map(RunReader::figures)
        .toList();
  }

  private static RoundFigures figures(Row row) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (StructField field : row.schema().fields()) {
      if (row.getAs(field.name()) instanceof Number number && !field.name().equals("round")) {
        figures.put(field.name(), number.doubleValue());
      }
    }

    return new RoundFigures(row.<Number>getAs("round").intValue(), figures);
  }

  private Checkpoints checkpoints(List<Integer> cutOff) throws IOException {
    List<Integer> checked = committed.subList(0, Math.min(CHECKED, committed.size()));
    List<Integer> damaged = new ArrayList<>();
    for (int round : checked) {
      if (directory.read(round).isEmpty()) {
        damaged.add(round);
      }
    }

    return new Checkpoints(committed, checked, damaged, cutOff);
  }

  /** The run's own look at an adapter, if it compares it with the model alone. */
  static Optional<EvaluationFacts> look(RunFacts run) throws IOException {
    Optional<Integer> round =
        run.guard().flatMap(GuardRecord::chosen).map(Look::round).filter(r -> r > 0);
    if (round.isEmpty()) {
      return Optional.empty();
    }

    Path look = new Path(run.uri(), "looks/round-%05d".formatted(round.get()));
    if (!Storage.exists(new Path(look, EvaluationSummary.NAME))) {
      return Optional.empty();
    }

    EvaluationSummary summary = EvaluationSummary.read(look.toString());
    return Optional.of(new EvaluationFacts(look.toString(), summary, round));
  }
}
