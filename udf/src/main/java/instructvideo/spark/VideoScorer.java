package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import instructvideo.reward.RewardConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Scores the videos of a column by rewards, as a stage of Spark ML. Rows keep their columns and
 * their order within a partition; one that cannot be scored has null and a reason. Frames of
 * different rows share a batch.
 */
public final class VideoScorer extends VideoScorerParams {

  /** With the defaults. */
  public VideoScorer() {
    this(Identifiable.randomUID("videoScorer"));
  }

  /** As Spark ML makes copies. */
  public VideoScorer(String uid) {
    super(uid);
  }

  /** Reads what {@code write} wrote. */
  public static MLReader<VideoScorer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote to a URI. */
  public static VideoScorer load(String path) {
    return read().load(path);
  }

  /**
   * The columns with those of the scores behind them.
   *
   * @throws IllegalArgumentException if a parameter is wrong or a column is missing, of a wrong
   *     type or there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return checked(() -> outputSchema(schema, setup().reward()));
  }

  /**
   * Adds the columns of the scores; they are computed when rows are asked for, and again each time
   * unless the result is kept.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}, and if weights are missing
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    ScorePartition partition =
        checked(
            () -> {
              ScoreSetup setup = setup();
              StructType schema = outputSchema(dataset.schema(), setup.reward());
              RewardChoice.checkFiles(setup.reward());
              return partition(setup, dataset.schema(), schema);
            });
    return dataset.toDF().mapPartitions(partition, Encoders.row(partition.schema()));
  }

  @Override
  public Transformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  private ScorePartition partition(ScoreSetup setup, StructType input, StructType output) {
    String prompts = getOrDefault(promptCol());
    return new ScorePartition(
        setup,
        ScoreDetails.rows(setup.reward()),
        RewardChoice.results(setup.reward()),
        getOrDefault(inputCol()),
        names(input).contains(prompts) ? prompts : null,
        getOrDefault(prompt()).strip(),
        !getOrDefault(detailsCol()).isEmpty(),
        output);
  }

  private StructType outputSchema(StructType input, RewardConfig config) {
    List<String> results = RewardChoice.results(config);
    if (results.isEmpty()) {
      throw InvalidInputException.of(
          "Missing reward: give one or several, as NAME=PATH, such as"
              + " hpsv2=HPS_v2_compressed.pt");
    }

    DataType video = type(input, inputCol());
    if (!(video instanceof StringType) && !(video instanceof BinaryType)) {
      throw invalid(inputCol(), "it is of type " + video.sql() + ", must be string or binary");
    }

    checkPrompt(input, config);
    StructType output = input;
    for (String result : results) {
      output =
          added(output, outputCol(), column(outputCol(), result, results), DataTypes.DoubleType);
    }

    output = added(output, errorCol(), getOrDefault(errorCol()), DataTypes.StringType);
    for (String result : getOrDefault(detailsCol()).isEmpty() ? List.<String>of() : results) {
      output =
          added(output, detailsCol(), column(detailsCol(), result, results), ScoreDetails.SCHEMA);
    }

    return output;
  }

  private void checkPrompt(StructType input, RewardConfig config) {
    boolean isThere = names(input).contains(getOrDefault(promptCol()));
    if ((isThere || isSet(promptCol())) && !(type(input, promptCol()) instanceof StringType)) {
      throw invalid(
          promptCol(), "it is of type " + type(input, promptCol()).sql() + ", must be string");
    }

    if (!isThere && getOrDefault(prompt()).isBlank()) {
      for (String name : RewardChoice.needPrompt(config)) {
        throw InvalidInputException.of(
            "Missing prompt: the reward %s scores a video for one, and there is no column %s; set"
                + " promptCol or prompt",
            name, getOrDefault(promptCol()));
      }
    }
  }

  private DataType type(StructType schema, Param<String> param) {
    String column = getOrDefault(param);
    if (!names(schema).contains(column)) {
      throw invalid(
          param, "there is no such column; the columns are " + String.join(", ", names(schema)));
    }

    return schema.apply(column).dataType();
  }

  private String column(Param<String> param, String result, List<String> results) {
    String name = getOrDefault(param);
    return results.size() == 1 ? name : name + "_" + result;
  }

  private StructType added(StructType schema, Param<String> param, String name, DataType type) {
    String lower = name.toLowerCase(Locale.ROOT); // as Spark compares names
    if (names(schema).stream().anyMatch(known -> known.toLowerCase(Locale.ROOT).equals(lower))) {
      throw invalid(param, "there is a column " + name + " already");
    }

    return schema.add(name, type);
  }

  private InvalidInputException invalid(Param<String> param, String reason) {
    return InvalidInputException.of(
        "Invalid %s: %s; %s", param.name(), getOrDefault(param), reason);
  }

  private static List<String> names(StructType schema) {
    return Arrays.stream(schema.fields()).map(StructField::name).toList();
  }

  /** Spark ML's exception for parameters; PySpark shows its message without a stack trace. */
  private static <T> T checked(Supplier<T> check) {
    try {
      return check.get();
    } catch (InvalidInputException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Sets reward; see {@link #reward}. */
  public VideoScorer setReward(String... values) {
    set(reward(), values);
    return this;
  }

  /** Sets heads; see {@link #heads}. */
  public VideoScorer setHeads(String... values) {
    set(heads(), values);
    return this;
  }

  /** Sets fit; see {@link #fit}. */
  public VideoScorer setFit(String... values) {
    set(fit(), values);
    return this;
  }

  /** Sets rewardConfig; see {@link #rewardConfig}. */
  public VideoScorer setRewardConfig(String value) {
    set(rewardConfig(), value);
    return this;
  }

  /** Sets inputCol; see {@link #inputCol}. */
  public VideoScorer setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Sets promptCol; see {@link #promptCol}. */
  public VideoScorer setPromptCol(String value) {
    set(promptCol(), value);
    return this;
  }

  /** Sets prompt; see {@link #prompt}. */
  public VideoScorer setPrompt(String value) {
    set(prompt(), value);
    return this;
  }

  /** Sets outputCol; see {@link #outputCol}. */
  public VideoScorer setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Sets errorCol; see {@link #errorCol}. */
  public VideoScorer setErrorCol(String value) {
    set(errorCol(), value);
    return this;
  }

  /** Sets detailsCol; see {@link #detailsCol}. */
  public VideoScorer setDetailsCol(String value) {
    set(detailsCol(), value);
    return this;
  }

  /** Sets frameChoice; see {@link #frameChoice}. */
  public VideoScorer setFrameChoice(String value) {
    set(frameChoice(), value);
    return this;
  }

  /** Sets segments; see {@link #segments}. */
  public VideoScorer setSegments(int value) {
    set(segments(), value);
    return this;
  }

  /** Sets every; see {@link #every}. */
  public VideoScorer setEvery(int value) {
    set(every(), value);
    return this;
  }

  /** Sets interpolation; see {@link #interpolation}. */
  public VideoScorer setInterpolation(String value) {
    set(interpolation(), value);
    return this;
  }

  /** Sets batch; see {@link #batch}. */
  public VideoScorer setBatch(int value) {
    set(batch(), value);
    return this;
  }

  /** Sets decodeThreads; see {@link #decodeThreads}. */
  public VideoScorer setDecodeThreads(int value) {
    set(decodeThreads(), value);
    return this;
  }

  /** Sets decodeTimeout; see {@link #decodeTimeout}. */
  public VideoScorer setDecodeTimeout(double value) {
    set(decodeTimeout(), value);
    return this;
  }

  /** Sets seed; see {@link #seed}. */
  public VideoScorer setSeed(long value) {
    set(seed(), value);
    return this;
  }

  /** Sets threads; see {@link #threads}. */
  public VideoScorer setThreads(int value) {
    set(threads(), value);
    return this;
  }

  /** Sets precision; see {@link #precision}. */
  public VideoScorer setPrecision(String value) {
    set(precision(), value);
    return this;
  }
}
