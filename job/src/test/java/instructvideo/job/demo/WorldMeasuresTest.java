package instructvideo.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import instructvideo.job.demo.Subject.Colour;
import instructvideo.job.demo.Subject.Motion;
import instructvideo.job.demo.Subject.Shape;
import instructvideo.random.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WorldMeasuresTest {

  private static final ClipRenderer RENDERER = new ClipRenderer(3, 8, 32);

  private static CounterRandom random(Subject subject) {
    return CounterRandom.of(3, 0, subject.caption(), 0, CounterRandom.Purpose.DEMO);
  }

  @Test
  void everySubjectIsRecognisedCleanAndSpoilt() {
    for (Colour colour : Colour.values()) {
      for (Shape shape : Shape.values()) {
        Subject subject = new Subject(colour, shape, Motion.DOWN);
        CounterRandom random = random(subject);
        Clip clean = RENDERER.clean(subject, random);
        WorldMeasures of = WorldMeasures.of(clean, subject);
        assertThat(of.errorToClean()).as(subject.caption()).isLessThan(0.015);
        assertThat(of.shapeRight()).as(subject.caption()).isEqualTo(1);
        assertThat(of.colourRight()).as(subject.caption()).isEqualTo(1);
        assertThat(of.motionRight()).as(subject.caption()).isEqualTo(1);
        Clip spoilt = new WebQuality(0.5, 0.3, 0.5).spoil(clean, random);
        WorldMeasures worse = WorldMeasures.of(spoilt, subject);
        assertThat(worse.errorToClean()).as(subject.caption()).isGreaterThan(0.1);
        assertThat(worse.shapeRight()).as(subject.caption()).isGreaterThan(0.8);
        assertThat(worse.colourRight()).as(subject.caption()).isEqualTo(1);
        assertThat(worse.motionRight()).as(subject.caption()).isEqualTo(1);
      }
    }
  }

  @Test
  void whatIsWrongIsSeen() {
    Subject shown = new Subject(Colour.RED, Shape.CIRCLE, Motion.LEFT);
    Clip clip = RENDERER.clean(shown, random(shown));
    Subject otherShape = new Subject(Colour.RED, Shape.CROSS, Motion.LEFT);
    assertThat(WorldMeasures.of(clip, otherShape).shapeRight()).isZero();
    Subject otherColour = new Subject(Colour.BLUE, Shape.CIRCLE, Motion.LEFT);
    assertThat(WorldMeasures.of(clip, otherColour).colourRight()).isZero();
    Subject otherMotion = new Subject(Colour.RED, Shape.CIRCLE, Motion.UP);
    assertThat(WorldMeasures.of(clip, otherMotion).motionRight()).isZero();
    int frame = clip.pixels().length / clip.frames();
    float[] still = new float[clip.pixels().length];
    for (int i = 0; i < clip.frames(); i++) {
      System.arraycopy(clip.pixels(), 0, still, i * frame, frame);
    }
    assertThat(WorldMeasures.of(new Clip(8, 32, still), shown).motionRight()).isZero();
    float[] grey = new float[clip.pixels().length];
    Arrays.fill(grey, 0.5F);
    assertThat(WorldMeasures.of(new Clip(8, 32, grey), shown).errorToClean()).isGreaterThan(0.3);
  }
}
