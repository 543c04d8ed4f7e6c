package instructvideo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.nn.Precision;
import instructvideo.reward.Interpolation;
import instructvideo.reward.RewardConfig;
import instructvideo.spark.ScoreClock.Stage;
import instructvideo.testing.Fixtures;
import instructvideo.video.FrameChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos through decoders and models, without a Spark application. */
class ScoreStreamTest {

  private static final Path VIDEOS = Fixtures.path("video");
  private static final List<String> CLIPS =
      List.of("h264.mp4", "vp8_odd.webm", "prores_alpha.mov", "mjpeg_full_range.avi");

  @TempDir private Path temp;

  @AfterAll
  static void release() {
    ScoreStream.releaseModels();
  }

  /** Weights, and a user's class of the tests that needs no prompt. */
  private static ScoreSetup setup(FrameChoice frames, double decodeTimeout) {
    Path reward = Fixtures.path("cases/square/reward");
    RewardConfig config =
        new RewardConfig(
            Map.of("hps", reward.resolve("HPS_v2.pt").toString(), "brightness", ""),
            Map.of(),
            Map.of(),
            Map.of(),
            reward.resolve("config.json").toString(),
            4,
            1,
            Interpolation.BICUBIC);
    return new ScoreSetup(
        config, Interpolation.BICUBIC, Precision.FLOAT32, frames, 0, 2, 1, decodeTimeout);
  }

  private static ScoreItem item(String uri, String prompt) {
    return new ScoreItem(uri, prompt, uri, null, null, null, Set.of("hps", "brightness"), null);
  }

  private static List<ScoredVideo> score(ScoreSetup setup, List<ScoreItem> items, ScoreClock clock)
      throws IOException {
    List<ScoredVideo> scored = new ArrayList<>();
    try (ScoreStream stream = ScoreStream.of(setup, items.iterator(), clock)) {
      stream.forEachRemaining(scored::add);
    }

    return scored;
  }

  @Test
  void resultsComeInTheOrderOfTheItems() throws IOException {
    List<ScoreItem> items = new ArrayList<>();
    Path broken = Files.writeString(temp.resolve("broken.mp4"), "not a video");
    for (int round = 0; round < 5; round++) {
      CLIPS.forEach(clip -> items.add(item(VIDEOS.resolve(clip).toString(), "a cat")));
      items.add(item(broken.toString(), "a cat"));
      items.add(item(temp.resolve("missing.mp4").toString(), "a cat"));
    }

    ScoreClock clock = new ScoreClock();
    List<ScoredVideo> scored = score(setup(new FrameChoice.Every(1), 60), items, clock);

    assertThat(scored).extracting(ScoredVideo::item).isEqualTo(items);
    for (int i = 0; i < scored.size(); i++) {
      ScoredVideo first = scored.get(i % 6);
      assertThat(scored.get(i).error()).isEqualTo(first.error());
      if (first.error() == null) {
        assertThat(scored.get(i).frameIndices()).containsExactly(0, 1, 2);
        assertThat(scored.get(i).frameScores().get("hps"))
            .isEqualTo(first.frameScores().get("hps"));
      }
    }

    assertThat(scored.get(4).error()).startsWith("not a video");
    assertThat(scored.get(5).error()).isEqualTo("no such file");
    for (Stage stage : List.of(Stage.READ, Stage.DECODE, Stage.PREPROCESS, Stage.MODEL)) {
      assertThat(clock.nanos(stage)).as(stage.name()).isPositive();
    }
  }

  @Test
  void withoutAPromptOthersStillScore() throws IOException {
    List<ScoreItem> items = List.of(item(VIDEOS.resolve("h264.mp4").toString(), null));

    ScoredVideo scored =
        score(setup(new FrameChoice.Middle(4), 60), items, new ScoreClock()).get(0);

    assertThat(scored.frameScores()).containsOnlyKeys("brightness");
    assertThat(scored.frameScores().get("brightness")[0]).isCloseTo(0.5, within(0.4));
  }

  /** A server that takes the request and never answers holds a thread for ever. */
  @Test
  void aVideoThatHangsIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String hanging = "http://127.0.0.1:" + silent.getLocalPort() + "/film.mp4";
      List<ScoreItem> items =
          List.of(
              item(hanging, "a cat"),
              item(VIDEOS.resolve("h264.mp4").toString(), "a cat"),
              item(VIDEOS.resolve("vp8_odd.webm").toString(), "a cat"));

      long start = System.nanoTime();
      List<ScoredVideo> scored =
          score(setup(new FrameChoice.Middle(4), 1), items, new ScoreClock());

      assertThat(scored.get(0).error()).isEqualTo("decoding took longer than 1 s");
      assertThat(scored.get(0).frameScores()).isEmpty();
      assertThat(scored.subList(1, 3)).allMatch(video -> video.error() == null);
      assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(30);
    }
  }
}
