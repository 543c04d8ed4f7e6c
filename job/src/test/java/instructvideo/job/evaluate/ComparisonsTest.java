package instructvideo.job.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Difference;
import instructvideo.job.evaluate.EvaluationSummary.Extreme;
import instructvideo.random.CounterRandom;
import instructvideo.random.CounterRandom.Purpose;
import instructvideo.spark.MeasureItem;
import instructvideo.spark.MeasuredVideo;
import instructvideo.video.VideoFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Numbers of numpy, and of a bootstrap in Python that draws the same prompts. */
class ComparisonsTest {

  private static final Offset<Double> EXACT = within(1e-12);
  private static final Bootstrap BOOTSTRAP = new Bootstrap(5, 2000, 0.9);

  private static double base(int prompt, int copy) {
    return Math.sin(3.0 * prompt + copy);
  }

  private static double tuned(int prompt, int copy) {
    return base(prompt, copy) + 0.3 * Math.cos(5.0 * prompt + 2 * copy) + 0.1;
  }

  /** Two frames, whose mean is the score; the motion is 1 + the score. */
  private static EvaluatedVideo video(
      String set, String adapter, int prompt, int copy, double score, float[] feature) {
    MeasureItem item = new MeasureItem("key", "uri", "prompt");
    TreeMap<String, double[]> scores = new TreeMap<>();
    scores.put("hpsv2", new double[] {score - 0.25, score + 0.25});
    MeasuredVideo measured =
        new MeasuredVideo(
            item,
            "id",
            VideoFacts.UNKNOWN,
            new int[] {0, 1},
            scores,
            1 + score,
            null,
            null,
            null,
            feature,
            new TreeMap<>(),
            null);
    return video(set, adapter, prompt, copy, measured);
  }

  private static EvaluatedVideo video(
      String set, String adapter, int prompt, int copy, MeasuredVideo measured) {
    String uri = "%s/%d-%d".formatted(adapter, prompt, copy);
    return new EvaluatedVideo(set, 20, adapter, "p" + prompt, "text", copy, uri, measured);
  }

  private static MeasuredVideo broken() {
    return MeasuredVideo.missing(new MeasureItem("key", "uri", "prompt"), "broken");
  }

  /** Seven prompts of two copies; of one the second is broken. */
  private static List<EvaluatedVideo> videos() {
    List<EvaluatedVideo> videos = new ArrayList<>();
    for (int prompt = 0; prompt < 7; prompt++) {
      for (int copy = 0; copy < 2; copy++) {
        String set = prompt < 4 ? "animals" : "others";
        videos.add(video(set, "base", prompt, copy, base(prompt, copy), new float[] {1, 0}));
        float[] feature = copy == 0 ? new float[] {1, 0} : new float[] {0.6f, 0.8f};
        videos.add(
            prompt == 3 && copy == 1
                ? video(set, "first", prompt, copy, broken())
                : video(set, "first", prompt, copy, tuned(prompt, copy), feature));
      }
    }

    return videos;
  }

  private static Comparison find(List<Comparison> all, String set, String metric) {
    return all.stream()
        .filter(one -> one.set().equals(set) && one.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void numbersAreThoseOfNumpy() {
    List<Comparison> all = new Comparisons(List.of("hpsv2"), BOOTSTRAP, 2).of(videos());
    Comparison score = find(all, "all", "hpsv2");

    assertThat(List.of(score.videos(), score.prompts(), score.missing())).containsExactly(13, 7, 1);
    assertThat(score.base().mean()).isCloseTo(0.0507958991177684, EXACT);
    assertThat(score.base().std()).isCloseTo(0.5403239690413604, EXACT);
    assertThat(score.tuned().mean()).isCloseTo(0.19607679532543973, EXACT);
    assertThat(score.tuned().std()).isCloseTo(0.5658671670069477, EXACT);
    assertThat(score.difference().mean()).isCloseTo(0.1452808962076714, EXACT);
    assertThat(score.difference().low()).isCloseTo(0.07261348618757207, EXACT);
    assertThat(score.difference().high()).isCloseTo(0.20717023557063335, EXACT);
    assertThat(score.winRate()).isCloseTo(9 / 13.0, EXACT);
    assertThat(score.gained()).extracting(Extreme::promptId).containsExactly("p1", "p6");
    assertThat(score.gained().get(0).difference()).isCloseTo(0.2556346659709796, EXACT);
    assertThat(score.gained().get(0).tunedUri()).isEqualTo("first/1-0");
    assertThat(score.lost()).extracting(Extreme::promptId).containsExactly("p3");
    assertThat(score.ratio()).as("of a reward").isNull();
    assertThat(find(all, "all", "motion").ratio())
        .isCloseTo(1.19607679532543973 / 1.0507958991177684, EXACT);
    assertThat(find(all, "animals", "hpsv2").videos()).isEqualTo(7);
    assertThat(find(all, "others", "hpsv2").missing()).isZero();
    assertThat(all).extracting(Comparison::metric).doesNotContain("sharpness", "consistency");
  }

  @Test
  void diversityIsOfTheCopiesThatBothSidesHave() {
    Comparison diversity =
        find(new Comparisons(List.of("hpsv2"), BOOTSTRAP, 2).of(videos()), "animals", "diversity");

    assertThat(List.of(diversity.videos(), diversity.prompts(), diversity.missing()))
        .containsExactly(3, 3, 1);
    assertThat(diversity.base().mean()).isZero();
    assertThat(diversity.ratio()).isNull();
    assertThat(diversity.tuned().mean()).isCloseTo(0.4, within(1e-6));
    assertThat(diversity.winRate()).isEqualTo(1);
    assertThat(diversity.gained()).isEmpty();
  }

  @Test
  void tiesCountHalfAndOnePromptHasNoInterval() {
    List<EvaluatedVideo> same =
        List.of(video("one", "base", 0, 0, 0.5, null), video("one", "first", 0, 0, 0.5, null));

    Comparison score = new Comparisons(List.of("hpsv2"), BOOTSTRAP, 2).of(same).get(0);

    assertThat(score.winRate()).isEqualTo(0.5);
    assertThat(score.base().std()).isNull();
    assertThat(score.difference()).isEqualTo(new Difference(0, null, null));
    assertThat(score.difference().isCertain()).isFalse();
  }

  /** Copies share an effect of their prompt: an interval over videos would be far too narrow. */
  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() {
    int prompts = 40;
    int copies = 4;
    int trials = 300;
    float[] noise =
        CounterRandom.of(1, 0, "", 0, Purpose.NOISE).gaussians(trials * prompts * (copies + 1));
    Bootstrap bootstrap = new Bootstrap(0, 400, 0.9);
    int held = 0;
    int at = 0;
    for (int trial = 0; trial < trials; trial++) {
      List<Pair> pairs = new ArrayList<>();
      for (int prompt = 0; prompt < prompts; prompt++) {
        double effect = 1 + noise[at++];
        for (int copy = 0; copy < copies; copy++) {
          double gain = effect + 0.5 * noise[at++];
          pairs.add(new Pair("set", "p" + prompt, "text", 0, gain, "", ""));
        }
      }

      Difference difference = bootstrap.difference(pairs);
      held += difference.low() <= 1 && 1 <= difference.high() ? 1 : 0;
    }

    // 0.9 with a standard error of 0.017; percentile intervals of 40 are slightly too narrow
    assertThat(held / (double) trials).isBetween(0.84, 0.94);
  }
}
