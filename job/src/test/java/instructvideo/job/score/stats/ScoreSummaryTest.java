package instructvideo.job.score.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.job.ScoreRows;
import instructvideo.job.score.stats.ScoreSummary.Reason;
import instructvideo.job.score.stats.ScoreSummary.RewardScores;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScoreSummaryTest {

  private static final String TIME = "2026-01-01T00:00:00Z";

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = ScoreRows.spark();
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void quantilesAreThoseOfTheScores() {
    ScoreRows rows = new ScoreRows();
    for (int i = 0; i <= 100; i++) {
      rows.scored("v" + i, "p", ((i * 37) % 101) / 100.0);
    }

    RewardScores scores = ScoreSummary.of(rows.in(spark)).rewards().get(0);
    assertThat(scores.rows()).isEqualTo(101);
    assertThat(scores.scored()).isEqualTo(101);
    assertThat(scores.mean()).isCloseTo(0.5, within(1e-9));
    assertThat(scores.standardError()).isCloseTo(0.01 / Math.sqrt(3), within(1e-9));
    assertThat(scores.quantiles())
        .isEqualTo(new ScoreSummary.Quantiles(0, 0.05, 0.25, 0.5, 0.75, 0.95, 1));
  }

  @Test
  void meanHasTheSameBitsInAnyOrder() {
    assertThat(mean(1e16, 1, -1e16, 1)).isEqualTo(0.5); // one after the other: 0.25
    assertThat(mean(1, 1e16, 1, -1e16)).isEqualTo(0.5);
    assertThat(mean(1e20, 3e20)).isEqualTo(2e20); // past the decimals
  }

  private static double mean(double... scores) {
    ScoreRows rows = new ScoreRows();
    for (int i = 0; i < scores.length; i++) {
      rows.scored("v" + i, "p", scores[i]);
    }

    return ScoreSummary.of(rows.in(spark)).rewards().get(0).mean();
  }

  @Test
  void standardErrorIsThatOfAMean() {
    ScoreRows rows = new ScoreRows();
    rows.frames("a", "p", 2.5, List.of(1., 2., 3., 4.), List.of(0, 1, 2, 3));
    rows.frames("b", "p", 1, List.of(1.), List.of(0));
    rows.frames("c", "p", 1, List.of(1., 1.), List.of(0, 5));
    rows.failed("d", "p", "not a video");
    List<Row> found =
        rows.in(spark)
            .withColumn("stderr", ScoreColumns.standardError())
            .orderBy("video")
            .collectAsList();
    // numpy.std([1, 2, 3, 4], ddof=1) / 2
    assertThat(found.get(0).<Double>getAs("stderr")).isCloseTo(0.6454972243679028, within(1e-15));
    assertThat(found.get(1).<Double>getAs("stderr")).isNull();
    assertThat(found.get(2).<Double>getAs("stderr")).isZero();
    assertThat(found.get(3).<Double>getAs("stderr")).isNull();
  }

  @Test
  void errorsAreCountedByReason() {
    ScoreRows rows = new ScoreRows();
    rows.scored("ok", "p", 0.25);
    rows.failed("a/1.mp4", "p", "frame 17 of h264 cannot be decoded");
    rows.failed("a/2.mp4", "p", "frame 3 of h264 cannot be decoded");
    rows.failed("a/3.mp4", "p", "too short: 0.5 s");
    rows.reward("aesthetic", "r", "s", TIME)
        .failed("a/1.mp4", "p", "frame 9 of h264 cannot be decoded");
    rows.failed("a/4\u001b[2J.mp4", null, null);
    ScoreSummary summary = ScoreSummary.of(rows.in(spark));
    assertThat(summary.failedVideos()).isEqualTo(4);
    assertThat(summary.numReasons()).isEqualTo(3);
    assertThat(summary.reasons())
        .containsExactly(
            new Reason(
                "frame N of h264 cannot be decoded",
                2,
                List.of("aesthetic", "hpsv2"),
                List.of("a/1.mp4", "a/2.mp4")),
            new Reason(
                "its score is no number", 1, List.of("aesthetic"), List.of("a/4\u001b[2J.mp4")),
            new Reason("too short: 0.5 s", 1, List.of("hpsv2"), List.of("a/3.mp4")));
    assertThat(summary.text())
        .isEqualTo(
            """
            aesthetic: 0 of 2 scored
            hpsv2: 1 of 4 scored, mean 0.2500, standard error over a video's frames 0.0058 on average
              min 0.2500   5 % 0.2500   25 % 0.2500   50 % 0.2500   75 % 0.2500   95 % 0.2500   max 0.2500
            Without a score: 4 videos
                   2  frame N of h264 cannot be decoded (a/1.mp4, a/2.mp4)
                   1  its score is no number (a/4?[2J.mp4)
                   1  too short: 0.5 s (a/3.mp4)
            HPS scores are comparable only within one prompt: they rank the videos of a prompt, not videos of different prompts.
            """);
  }

  @Test
  void tenReasonsAreListed() {
    ScoreRows rows = new ScoreRows();
    for (char reason = 'a'; reason <= 'm'; reason++) {
      rows.failed("v" + reason, "p", "reason " + reason);
    }

    ScoreSummary summary = ScoreSummary.of(rows.in(spark));
    assertThat(summary.reasons()).hasSize(10);
    assertThat(summary.text()).contains("and 3 other reasons");
  }

  @Test
  void tableWithoutRowsHasNothingToSay() {
    ScoreSummary summary = ScoreSummary.of(new ScoreRows().in(spark));
    assertThat(summary).isEqualTo(new ScoreSummary(List.of(), 0, List.of(), 0));
  }

  @Test
  void newestSetOfEachRewardIsTaken() {
    Dataset<Row> table =
        new ScoreRows()
            .reward("hpsv2", "old", "s", "2026-01-01T00:00:00Z")
            .scored("a", "p", 0.1)
            .scored("b", "p", 0.1)
            .reward("hpsv2", "new", "s", "2026-01-02T00:00:00Z")
            .scored("a", "p", 0.2)
            .failed("c", "p", "not a video")
            .reward("clip", null, null, "2026-01-01T00:00:00Z")
            .scored("a", "p", 0.3)
            .in(spark);
    List<ScoreSet> all = ScoreSet.of(table);
    assertThat(all).extracting(ScoreSet::rewardId).containsExactly(null, "old", "new");
    List<ScoreSet> newest = ScoreSet.newestOf(all);
    assertThat(newest).extracting(ScoreSet::reward).containsExactly("clip", "hpsv2");
    assertThat(newest).extracting(ScoreSet::scored).containsExactly(1L, 1L);
    assertThat(newest).extracting(ScoreSet::rows).containsExactly(1L, 2L);
    assertThat(ScoreSet.rows(table, newest).count()).isEqualTo(3);
    assertThat(ScoreSet.rows(table, List.of()).count()).isZero();
  }
}
