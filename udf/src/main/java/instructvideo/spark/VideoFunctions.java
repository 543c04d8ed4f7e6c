package instructvideo.spark;

import instructvideo.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import scala.Function1;
import scala.Option;
import scala.Tuple3;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * SQL's functions video_reward and video_score, for {@code spark.sql.extensions}. What a name of a
 * reward means is in the session's settings: those of {@link ScoreSettings} behind {@value PREFIX}.
 */
public final class VideoFunctions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit>
    implements SparkSessionExtensionsProvider {

  /** Of settings in a Spark session. */
  public static final String PREFIX = "spark.instructvideo.";

  private static final int MAX_ARGUMENTS = 3;

  /** What the functions tell of a video. */
  private enum Kind {
    VIDEO_REWARD("the score of a video or image, NULL where it cannot be scored"),
    VIDEO_SCORE("the score of a video or image, those of its frames, facts of it, and an error");

    private final String help;

    Kind(String help) {
      this.help = help;
    }

    String function() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    DataType type() {
      return this == VIDEO_SCORE ? ScoreDetails.SCHEMA : DataTypes.DoubleType;
    }

    String usage() {
      return function() + "(reward, video[, prompt])";
    }
  }

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    for (Kind kind : Kind.values()) {
      Function1<Seq<Expression>, Expression> builder = arguments -> build(kind, arguments);
      FunctionIdentifier name = new FunctionIdentifier(kind.function());
      extensions.injectFunction(new Tuple3<>(name, info(kind), builder));
    }

    return BoxedUnit.UNIT;
  }

  private static ExpressionInfo info(Kind kind) {
    String arguments =
        """

            Arguments:
              * reward - a constant: a reward or sum that %sreward.* names, or a sum such as 'a+0.5*b'
              * video - its path or URI (string) or its bytes (binary)
              * prompt - what it is scored for; not for rewards that need none
        """
            .formatted(PREFIX);
    String examples =
        """

            Examples:
              > SET %sreward.checkpoints.hpsv2=/models/HPS_v2.1_compressed.pt;
              > SELECT video, _FUNC_('hpsv2', video, prompt) FROM clips;
        """
            .formatted(PREFIX);
    String usage = kind.usage().replace(kind.function(), "_FUNC_") + " - Returns " + kind.help;
    return new ExpressionInfo(
        VideoFunctions.class.getName(),
        null,
        kind.function(),
        usage + ".",
        arguments,
        examples,
        "",
        "",
        "",
        "",
        "java_udf");
  }

  private static Expression build(Kind kind, Seq<Expression> arguments) {
    try {
      return build(kind, JavaConverters.seqAsJavaList(arguments));
    } catch (InvalidInputException e) {
      throw unchecked(analysisException(e));
    }
  }

  private static Expression build(Kind kind, List<Expression> arguments) {
    checkTypes(kind, arguments);
    boolean hasPrompt = arguments.size() == MAX_ARGUMENTS;
    Map<String, String> session =
        JavaConverters.mapAsJavaMap(SparkSession.active().conf().getAll());
    ScoreSettings settings = ScoreSettings.of(PREFIX, session);
    RewardChoice choice = RewardChoice.of(settings.reward(), rewardName(kind, arguments), PREFIX);
    if (!hasPrompt && !RewardChoice.needPrompt(choice.config()).isEmpty()) {
      throw InvalidInputException.of(
          "Invalid arguments of %s: the reward %s scores a video for a prompt; usage: %s",
          kind.function(), choice.result(), kind.usage());
    }

    RewardChoice.checkFiles(choice.config());
    RewardFunction function =
        new RewardFunction(
            settings.setup(choice.config()),
            ScoreDetails.rows(choice.config()),
            choice.result(),
            kind == Kind.VIDEO_SCORE);
    Column prompt = hasPrompt ? new Column(arguments.get(2)) : functions.lit(null);
    return functions
        .udf(function, kind.type())
        .withName(kind.function())
        .asNondeterministic() // else the optimizer may score a video in several places of a plan
        .apply(new Column(arguments.get(1)), prompt.cast(DataTypes.StringType))
        .expr();
  }

  private static void checkTypes(Kind kind, List<Expression> arguments) {
    if (arguments.size() < 2 || arguments.size() > MAX_ARGUMENTS) {
      throw InvalidInputException.of(
          "Invalid number of arguments of %s: %d; usage: %s",
          kind.function(), arguments.size(), kind.usage());
    }

    DataType video = arguments.get(1).dataType();
    if (!isText(video) && !(video instanceof BinaryType)) {
      throw InvalidInputException.of(
          "Invalid video of %s: type %s; must be string (path or URI) or binary; usage: %s",
          kind.function(), video.sql(), kind.usage());
    }

    if (arguments.size() == MAX_ARGUMENTS && !isText(arguments.get(2).dataType())) {
      throw InvalidInputException.of(
          "Invalid prompt of %s: type %s; must be string; usage: %s",
          kind.function(), arguments.get(2).dataType().sql(), kind.usage());
    }
  }

  private static boolean isText(DataType type) {
    return type instanceof StringType || type instanceof NullType;
  }

  private static String rewardName(Kind kind, List<Expression> arguments) {
    Expression reward = arguments.get(0);
    Object name =
        reward.foldable() && reward.dataType() instanceof StringType ? reward.eval(null) : null;
    if (name == null) {
      throw InvalidInputException.of(
          "Invalid reward of %s: %s; must be the name of a reward in quotes; usage: %s",
          kind.function(), reward.sql(), kind.usage());
    }

    return name.toString();
  }

  /** Spark's shells print its message; a stack trace too if it had a cause. */
  private static AnalysisException analysisException(InvalidInputException e) {
    return new AnalysisException(
        e.getMessage(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        scala.collection.immutable.Map$.MODULE$.empty(),
        new org.apache.spark.QueryContext[0]);
  }

  /** Spark declares no exceptions; its own is a checked one. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> RuntimeException unchecked(Exception e) throws E {
    throw (E) e;
  }
}
