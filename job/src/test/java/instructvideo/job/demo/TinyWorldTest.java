package instructvideo.job.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.random.CounterRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TinyWorldTest {

  private static final int SIZE = 32;
  private static final int FRAMES = 8;
  private static final ClipRenderer RENDERER = new ClipRenderer(7, FRAMES, SIZE);
  private static final Subject SUBJECT =
      new Subject(Subject.Colour.RED, Subject.Shape.CIRCLE, Subject.Motion.RIGHT);

  private static CounterRandom random(String name) {
    return CounterRandom.of(7, 0, name, 0, CounterRandom.Purpose.DEMO);
  }

  /** The middle of what is not white, along x, in pixels. */
  private static double middle(Clip clip, int frame) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
      double ink = 1 - clip.pixels()[clip.plane(frame, 1) + i];
      sum += ink * (i % SIZE + 0.5);
      weight += ink;
    }
    return sum / weight;
  }

  @Test
  void leavesOneMotionOfEveryColouredShapeOutOfTraining() {
    List<Subject> training = Subject.training();
    Map<String, Set<Subject.Motion>> motions =
        training.stream()
            .collect(
                Collectors.groupingBy(
                    s -> s.colour() + " " + s.shape(),
                    Collectors.mapping(Subject::motion, Collectors.toSet())));
    assertThat(motions).hasSize(15);
    assertThat(motions.values()).allSatisfy(seen -> assertThat(seen).hasSize(3));
    assertThat(training).hasSize(45).doesNotHaveDuplicates();
  }

  @Test
  void testsOnSubjectsThatTrainingLacks() {
    assertThat(Subject.test()).hasSize(10).doesNotHaveDuplicates();
    assertThat(Subject.watched()).hasSize(5).doesNotContainAnyElementsOf(Subject.test());
    assertThat(Subject.test()).allMatch(Subject::isHeldOut);
    assertThat(Subject.watched()).allMatch(Subject::isHeldOut);
    assertThat(Subject.test()).doesNotContainAnyElementsOf(Subject.training());
  }

  @Test
  void seesEveryWordInTraining() {
    Set<String> words = new HashSet<>();
    Subject.training().forEach(subject -> words.addAll(List.of(subject.caption().split(" "))));
    assertThat(Subject.test())
        .allSatisfy(subject -> assertThat(words).contains(subject.caption().split(" ")));
  }

  @Test
  void saysInASentenceWhatAClipShows() {
    assertThat(SUBJECT.caption()).isEqualTo("a red circle moving right");
    assertThat(Subject.test().get(0).caption()).isEqualTo("a red triangle moving up");
  }

  @Test
  void drawsTheShapeInItsColourMovingOverWhite() {
    Clip clip = RENDERER.clean(SUBJECT, random("clean"));
    int centre = SIZE / 2 * SIZE + SIZE / 2;
    for (int c = 0; c < Clip.CHANNELS; c++) {
      assertThat(clip.pixels()[clip.plane(0, c)]).as("corner").isEqualTo(1);
      assertThat(clip.pixels()[clip.plane(FRAMES / 2, c) + centre])
          .isCloseTo(SUBJECT.colour().channel(c), within(1e-6f));
    }
    assertThat(middle(clip, 0)).isLessThan(middle(clip, FRAMES / 2) - 4);
    assertThat(middle(clip, FRAMES - 1)).isGreaterThan(middle(clip, FRAMES / 2) + 4);
    assertThat(difference(clip)).isGreaterThan(0.01);
  }

  @Test
  void drawsTheSameClipForTheSameNameOnly() {
    float[] pixels = RENDERER.webQuality(SUBJECT, "clip-000").pixels();
    assertThat(RENDERER.webQuality(SUBJECT, "clip-000").pixels()).isEqualTo(pixels);
    assertThat(RENDERER.webQuality(SUBJECT, "clip-001").pixels()).isNotEqualTo(pixels);
    ClipRenderer otherSeed = new ClipRenderer(8, FRAMES, SIZE);
    assertThat(otherSeed.webQuality(SUBJECT, "clip-000").pixels()).isNotEqualTo(pixels);
  }

  @Test
  void leavesACleanClipAsItIs() {
    Clip clean = RENDERER.clean(SUBJECT, random("clean"));
    Clip same = new WebQuality(0, 0, 0).spoil(clean, random("noise"));
    assertThat(same.pixels()).isEqualTo(clean.pixels());
  }

  @Test
  void fadesTowardsGrey() {
    Clip clean = RENDERER.clean(SUBJECT, random("clean"));
    Clip faded = new WebQuality(1, 0, 0).spoil(clean, random("noise"));
    for (int i = 0; i < clean.pixels().length; i++) {
      float value = clean.pixels()[i];
      assertThat(faded.pixels()[i]).isCloseTo(value + 0.75f * (0.5f - value), within(1e-6f));
    }
  }

  @Test
  void blursEdgesButNotTheWhite() {
    Clip clean = RENDERER.clean(SUBJECT, random("clean"));
    Clip blurred = new WebQuality(0, 1, 0).spoil(clean, random("noise"));
    assertThat(steepest(blurred)).isLessThan(0.5 * steepest(clean));
    assertThat(blurred.pixels()[0]).isCloseTo(1, within(1e-5f));
    assertThat(middle(blurred, FRAMES / 2)).isCloseTo(middle(clean, FRAMES / 2), within(0.1));
  }

  /** The largest difference of neighbours in the rows of the green plane of the middle frame. */
  private static double steepest(Clip clip) {
    int plane = clip.plane(FRAMES / 2, 1);
    return IntStream.range(0, SIZE * SIZE)
        .filter(i -> i % SIZE > 0)
        .mapToDouble(i -> Math.abs(clip.pixels()[plane + i] - clip.pixels()[plane + i - 1]))
        .max()
        .orElseThrow();
  }

  /** The mean absolute difference of neighbouring frames. */
  private static double difference(Clip clip) {
    int frame = clip.pixels().length / clip.frames();
    return IntStream.range(frame, clip.pixels().length)
        .mapToDouble(i -> Math.abs(clip.pixels()[i] - clip.pixels()[i - frame]))
        .average()
        .orElseThrow();
  }

  @Test
  void addsNoiseThatIsNewInEveryFrame() {
    Clip grey = new Clip(2, SIZE, new float[2 * Clip.CHANNELS * SIZE * SIZE]);
    Arrays.fill(grey.pixels(), 0.5f);
    Clip blotchy = new WebQuality(0, 0, 1).spoil(grey, random("noise"));
    assertThat(difference(blotchy)).isBetween(0.03, 0.15);
  }

  @Test
  void spoilsSevenOfTenClips() {
    int clips = 2000;
    List<WebQuality> drawn =
        IntStream.range(0, clips).mapToObj(i -> WebQuality.draw(random("clip-" + i))).toList();
    // Of the spoilt 7 in 10, 0.2 * 0.5 * 0.6 have none of the three faults after all.
    double clean = 0.3 + 0.7 * 0.2 * 0.5 * 0.6;
    assertThat(share(drawn, q -> q.fade() + q.blur() + q.blotch() == 0))
        .isCloseTo(clean, within(0.04));
    assertThat(share(drawn, q -> q.fade() > 0)).isCloseTo(0.7 * 0.8, within(0.04));
    assertThat(share(drawn, q -> q.blur() > 0)).isCloseTo(0.7 * 0.5, within(0.04));
    assertThat(share(drawn, q -> q.blotch() > 0)).isCloseTo(0.7 * 0.4, within(0.04));
    assertThat(drawn).allMatch(q -> q.fade() == 0 || (q.fade() >= 0.2 && q.fade() < 1));
  }

  private static double share(List<WebQuality> drawn, Predicate<WebQuality> condition) {
    return drawn.stream().filter(condition).count() / (double) drawn.size();
  }
}
