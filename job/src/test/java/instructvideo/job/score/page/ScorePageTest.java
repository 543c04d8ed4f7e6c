package instructvideo.job.score.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import instructvideo.error.InvalidInputException;
import instructvideo.job.ScoreRows;
import instructvideo.job.score.stats.ScoreSummary.Quantiles;
import instructvideo.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorePageTest {

  private static final String ATTACK = "<script>alert(\"1\")</script>' onerror='x {{errors}}";

  @TempDir private static Path temp;
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = ScoreRows.spark();
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static String page(ScoreRows rows) throws IOException {
    Path file = temp.resolve("page.html");
    ScorePage.write(rows.in(spark), video -> temp.resolve(video).toString(), file.toString());
    return Files.readString(file);
  }

  private static int count(String text, String regex) {
    return Math.toIntExact(Pattern.compile(regex).matcher(text).results().count());
  }

  private static void copy(String fixture, String name) throws IOException {
    Files.copy(Fixtures.path("video").resolve(fixture), temp.resolve(name));
  }

  @Test
  void showsEveryClipOnceWithItsPicture() throws IOException {
    copy("h264.mp4", "süß #1.mp4");
    copy("prores_alpha.mov", "<img src=x>\"'.mov");
    Files.writeString(temp.resolve("text.mp4"), "no video");
    String html =
        page(
            new ScoreRows()
                .reward("hpsv2", "old", "s", "2025-01-01T00:00:00Z")
                .scored("older.mp4", "gone", 0.99)
                .reward("hpsv2", "new", "s", "2026-01-01T00:00:00Z")
                .scored("süß #1.mp4", "a cat", 0.31)
                .scored("<img src=x>\"'.mov", ATTACK, 0.29)
                .scored("text.mp4", "a cat", 0.27)
                .scored("missing<b>.mp4", null, 0.25)
                .failed("bad<script>.mp4", "a cat", "not a <video>")
                .reward("aes<thetic", "a", "s", "2026-01-01T00:00:00Z")
                .scored("süß #1.mp4", "a cat", 5.5));
    assertThat(count(html, "<figure>")).isEqualTo(5);
    assertThat(count(html, "<img alt=\"\" src=\"data:image/webp;base64,[A-Za-z0-9+/=]{100,}\">"))
        .isEqualTo(3);
    assertThat(html)
        .contains("no picture: not a video", "no picture: no such file")
        .contains("0.3100<small> &plusmn; 0.0058</small>")
        .contains("1 of 2 for its prompt", "2 of 2 for its prompt")
        .contains("(no prompt)", "süß #1.mp4")
        .contains("4 of 5", "1 videos without a score", "not a &lt;video&gt;")
        .contains("bad&lt;script&gt;.mp4")
        .contains("1 older sets of this reward")
        .contains("HPS scores are comparable only within one prompt")
        .contains("onerror=&#39;x {{errors}}")
        .doesNotContain("older.mp4");
    assertNothingFromOutside(html);
  }

  private static void assertNothingFromOutside(String html) {
    assertThat(html)
        .doesNotContain("<script", "<img src=x", "missing<b", "bad<", "aes<")
        .doesNotContainPattern("(src|href)=\"(?!data:image/webp;base64,)")
        .doesNotContainPattern("(?i)https?:|url\\(|@import")
        .doesNotContainPattern("=\"[^\"]*'[^\"]*\"[^>]*onerror");
    assertThat(count(html, "<figure>")).isEqualTo(count(html, "</figure>"));
  }

  @Test
  void showsEightAtEachEndInOrder() throws IOException {
    ScoreRows rows = new ScoreRows();
    for (int i = 0; i < 30; i++) {
      rows.scored("v%02d.mp4".formatted(i), "p" + i % 2, i / 100.0);
    }

    String html = page(rows);
    List<String> names =
        Pattern.compile("title=\"(v\\d\\d).mp4\"")
            .matcher(html)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(names)
        .containsExactly(
            "v29", "v28", "v27", "v26", "v25", "v24", "v23", "v22", "v00", "v01", "v02", "v03",
            "v04", "v05", "v06", "v07");
    assertThat(count(html, "1 of 15 for its prompt")).isEqualTo(2);
    assertThat(count(html, "15 of 15 for its prompt")).isEqualTo(2);
    assertThat(html).contains("Every video has a score.");
  }

  @Test
  void pictureOfAVideoThatBecameShorterIsItsLastFrame() throws IOException {
    copy("h264.mp4", "shorter.mp4");
    ScoreRows rows = new ScoreRows();
    rows.frames("shorter.mp4", "p", 0.2, List.of(0.1, 0.2, 0.3), List.of(10, 50, 90));
    assertThat(page(rows)).contains("data:image/webp;base64,").doesNotContain("no picture");
  }

  @Test
  void tablesWithoutScoresHaveAPageToo() throws IOException {
    assertThat(page(new ScoreRows())).contains("The table has no rows.");
    assertThat(page(new ScoreRows().failed("a.mp4", null, "not a video")))
        .contains("No video has a score.", "not a video");
  }

  @Test
  void placeThatCannotBeWrittenToIsTold() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(
            () -> ScorePage.write(new ScoreRows().in(spark), video -> video, file + "/page.html"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot write " + file + "/page.html");
  }

  @Test
  void histogramCountsEveryScoreOnce() {
    ScoreRows rows = new ScoreRows();
    for (int i = 0; i < 100; i++) {
      rows.scored("v" + i, "p", -0.1 + i * 0.004);
    }

    Quantiles quantiles = new Quantiles(-0.1, 0, 0, 0, 0, 0, -0.1 + 99 * 0.004);
    Histogram histogram = Histogram.of(rows.in(spark), quantiles);
    assertThat(histogram.step()).isEqualTo(0.01);
    assertThat(histogram.first()).isEqualTo(-10);
    assertThat(histogram.counts()).hasSize(40);
    assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(100);
    String svg = histogram.svg(0.1);
    assertThat(count(svg, "<rect ")).isEqualTo(40);
    assertThat(svg).contains(">-0.1<", ">0.2<").doesNotContain("NaN");
  }

  @Test
  void histogramOfOneScoreIsOneBar() {
    Quantiles quantiles = new Quantiles(0.27, 0.27, 0.27, 0.27, 0.27, 0.27, 0.27);
    Histogram histogram = Histogram.of(new ScoreRows().scored("a", "p", 0.27).in(spark), quantiles);
    assertThat(histogram.counts()).containsExactly(1);
    assertThat(histogram.svg(0.27)).doesNotContain("NaN").doesNotContain("Infinity");
    Quantiles zero = new Quantiles(0, 0, 0, 0, 0, 0, 0);
    assertThat(Histogram.of(new ScoreRows().scored("a", "p", 0).in(spark), zero).counts())
        .containsExactly(1);
  }
}
