package instructvideo.job.train;

import instructvideo.job.LostAnswers;
import instructvideo.job.Storage;
import instructvideo.train.Phase;
import instructvideo.train.StepMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A Parquet row for each round; docs/formats.md explains the columns. */
final class RunMetrics {

  private static final String ROUND = "round=";
  private static final String SECONDS = "seconds_";

  private final SparkSession spark;
  private final Path directory;
  private final FileSystem files;

  RunMetrics(SparkSession spark, Path directory, FileSystem files) {
    this.spark = spark;
    this.directory = directory;
    this.files = files;
  }

  /**
   * The figures of a round.
   *
   * @param averagingGap ||mean(B A) - mean(B) mean(A)|| / ||mean(B A)||
   * @param secondsTotal of the round by the driver's clock
   * @param secondsAverage of that not spent in workers
   */
  record Row(
      int round,
      int step,
      double lr,
      StepMetrics sums,
      double averagingGap,
      double secondsTotal,
      double secondsAverage) {

    /** The columns of the table. */
    private List<Object> values() {
      List<Object> values = new ArrayList<>();
      values.add(step);
      values.add(sums.rewardMean());
      values.add(sums.samples() < 2 ? null : sums.rewardStandardError());
      values.add(sums.lossMean());
      values.add(sums.gradientNorm());
      values.add(lr);
      values.add(sums.samples());
      values.add(sums.skipped());
      values.add(averagingGap);
      values.add(secondsTotal);
      values.add(secondsAverage);
      for (Phase phase : Phase.values()) {
        values.add(sums.seconds().getOrDefault(phase, 0.0));
      }

      boolean hasRatios = sums.ratios().terms() > 0;
      values.add(hasRatios ? sums.ratios().clipFraction() : null);
      values.add(hasRatios ? sums.ratios().approxKl() : null);
      return values;
    }

    /** By the names under which trackers show them. */
    SortedMap<String, Double> tracked() {
      return RunMetrics.tracked(RowFactory.create(values().toArray()));
    }
  }

  /** Writes a round's row, in place of one that a killed attempt left. */
  void write(Row row) {
    Dataset<org.apache.spark.sql.Row> rows =
        spark
            .createDataFrame(List.of(RowFactory.create(row.values().toArray())), schema())
            .coalesce(1);
    Path folder = new Path(directory, ROUND + "%05d".formatted(row.round));
    LostAnswers.retry(
        folder, () -> rows.write().mode(SaveMode.Overwrite).parquet(folder.toString()));
  }

  /** Removes rows of rounds that have no checkpoint: they will be run again. */
  void removeAfter(int round) throws IOException {
    for (String name : Storage.list(directory)) {
      if (name.startsWith(ROUND) && Integer.parseInt(name.substring(ROUND.length())) > round) {
        files.delete(new Path(directory, name), true);
      }
    }
  }

  /** The rows of the rounds up to one, by round, as {@link Row#tracked} names them. */
  SortedMap<Integer, SortedMap<String, Double>> tracked(int upTo) {
    SortedMap<Integer, SortedMap<String, Double>> rounds = new TreeMap<>();
    spark
        .read()
        .schema(schema().add("round", DataTypes.IntegerType))
        .parquet(directory.toString())
        .where("round <= " + upTo)
        .collectAsList()
        .forEach(row -> rounds.put(row.getInt(row.size() - 1), tracked(row)));
    return rounds;
  }

  /** Without the step, which counts what rounds count. */
  private static SortedMap<String, Double> tracked(org.apache.spark.sql.Row row) {
    SortedMap<String, Double> values = new TreeMap<>();
    String[] columns = schema().fieldNames();
    for (int i = 1; i < columns.length; i++) {
      if (!row.isNullAt(i)) {
        String name =
            columns[i].startsWith(SECONDS)
                ? "seconds/" + columns[i].substring(SECONDS.length())
                : "train/" + columns[i];
        values.put(name, ((Number) row.get(i)).doubleValue());
      }
    }

    return values;
  }

  private static StructType schema() {
    StructType schema =
        new StructType()
            .add("step", DataTypes.IntegerType)
            .add("reward_mean", DataTypes.DoubleType)
            .add("reward_stderr", DataTypes.DoubleType)
            .add("loss", DataTypes.DoubleType)
            .add("gradient_norm", DataTypes.DoubleType)
            .add("lr", DataTypes.DoubleType)
            .add("samples", DataTypes.IntegerType)
            .add("skipped", DataTypes.IntegerType)
            .add("averaging_gap", DataTypes.DoubleType)
            .add("seconds_total", DataTypes.DoubleType)
            .add("seconds_average", DataTypes.DoubleType);
    for (Phase phase : Phase.values()) {
      schema = schema.add("seconds_" + phase.name().toLowerCase(Locale.ROOT), DataTypes.DoubleType);
    }

    return schema.add("clip_fraction", DataTypes.DoubleType).add("approx_kl", DataTypes.DoubleType);
  }
}
