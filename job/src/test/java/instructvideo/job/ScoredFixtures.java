package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;

/** The videos of the fixtures with what {@code score} says about them. */
final class ScoredFixtures {

  static final String PROMPT = "a cat walking";
  static final String WEIGHTS = Cli.SQUARE.resolve("reward/HPS_v2.pt").toString();
  static final String CONFIG = Cli.SQUARE.resolve("reward/config.json").toString();
  static final String OTHER = Cli.SQUARE.resolve("reward/hf").toString();

  /** The same bits, whatever shares a batch. */
  static final Offset<Double> BITS = Offset.offset(0.);

  private ScoredFixtures() {}

  /** Writes the table of all videos, as a user does. */
  static void score(Path out) {
    Cli.Result result =
        Cli.run(
            List.of(
                "score",
                "--videos",
                Cli.VIDEOS + "/*.{mp4,avi,webm,mov}",
                "--prompt",
                PROMPT,
                "--reward",
                "hpsv2=" + WEIGHTS,
                "--reward",
                "other=" + OTHER,
                "--reward",
                "mix=0.7*hpsv2+0.3*other",
                "--set",
                "reward.config=" + CONFIG,
                "--out",
                out.toString(),
                "--master",
                "local[2]",
                "--threads",
                "2"));
    assertThat(result.code()).as(result.err()).isZero();
  }

  /** A session as a user has it: nothing names the extension, the jar is on the class path. */
  static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate();
  }

  /** Rows of the table that have a score, by the name of the file. */
  static Map<String, Row> rows(SparkSession spark, Path table, String reward) {
    Map<String, Row> rows = new TreeMap<>();
    for (Row row : spark.read().parquet(table.toString()).collectAsList()) {
      if (row.<String>getAs("reward").equals(reward) && row.getAs("score") != null) {
        rows.put(name(row.getAs("video")), row);
      }
    }

    assertThat(rows).hasSizeGreaterThan(6);
    return rows;
  }

  static String name(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }
}
