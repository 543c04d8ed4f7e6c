package instructvideo.job.report;

import instructvideo.measure.Measure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The measures of what a reward can hide, in plain words. */
final class Measures {

  /** Falling by the guard's share of these makes a gain worthless. */
  static final List<String> LIMITED = List.of(Measure.MOTION.key(), Measure.DIVERSITY.key());

  private Measures() {}

  static boolean isMeasure(String name) {
    return find(name).isPresent();
  }

  /** What a measure tells, without its formula; empty if it is none. */
  static Optional<String> plain(String name) {
    return find(name).map(Measures::plain);
  }

  private static Optional<Measure> find(String name) {
    return Arrays.stream(Measure.values())
        .filter(measure -> measure.key().equals(name))
        .findFirst();
  }

  private static String plain(Measure measure) {
    return switch (measure) {
      case MOTION -> "How much neighbouring frames differ: near 0 the video is a still picture.";
      case CONSISTENCY ->
          "How alike neighbouring frames look to a model: low where things flicker.";
      case DIVERSITY -> "How much the videos of one prompt differ: near 0 they are all alike.";
      case SHARPNESS -> "How much fine detail the frames have: low where they are blurred.";
      case SATURATION -> "How strong the colours are: rewards like strong ones.";
    };
  }
}
