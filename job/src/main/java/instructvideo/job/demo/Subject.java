package instructvideo.job.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

record Subject(Subject.Colour colour, Subject.Shape shape, Subject.Motion motion) {
  private static final List<Subject> TEST =
      List.of(
          new Subject(Subject.Colour.YELLOW, Subject.Shape.CIRCLE, Subject.Motion.DOWN),
          new Subject(Subject.Colour.GREEN, Subject.Shape.TRIANGLE, Subject.Motion.UP),
          new Subject(Subject.Colour.BLUE, Subject.Shape.CROSS, Subject.Motion.LEFT),
          new Subject(Subject.Colour.PURPLE, Subject.Shape.CIRCLE, Subject.Motion.LEFT),
          new Subject(Subject.Colour.BLUE, Subject.Shape.TRIANGLE, Subject.Motion.DOWN),
          new Subject(Subject.Colour.GREEN, Subject.Shape.CIRCLE, Subject.Motion.RIGHT),
          new Subject(Subject.Colour.YELLOW, Subject.Shape.TRIANGLE, Subject.Motion.LEFT),
          new Subject(Subject.Colour.BLUE, Subject.Shape.CIRCLE, Subject.Motion.UP));

  static List<Subject> training() {
    List<Subject> training = new ArrayList<>();

    for (Subject.Colour colour : Subject.Colour.values()) {
      for (Subject.Shape shape : Subject.Shape.values()) {
        Arrays.stream(Subject.Motion.values())
            .map(motion -> new Subject(colour, shape, motion))
            .filter(subject -> !subject.isHeldOut())
            .forEach(training::add);
      }
    }

    return training;
  }

  static List<Subject> test() {
    return TEST;
  }

  String caption() {
    return "a %s %s moving %s".formatted(lower(colour), lower(shape), lower(motion));
  }

  boolean isHeldOut() {
    int shift = Arrays.asList(Subject.Colour.values()).indexOf(colour);
    shift += Arrays.asList(Subject.Shape.values()).indexOf(shape);
    return motion == Subject.Motion.values()[shift % Subject.Motion.values().length];
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static enum Colour {
    RED(0.9F, 0.1F, 0.1F),
    GREEN(0.1F, 0.7F, 0.2F),
    BLUE(0.12F, 0.25F, 0.9F),
    YELLOW(0.97F, 0.87F, 0.1F),
    PURPLE(0.6F, 0.15F, 0.7F);

    private final float red;
    private final float green;
    private final float blue;

    private Colour(float red, float green, float blue) {
      this.red = red;
      this.green = green;
      this.blue = blue;
    }

    float channel(int index) {
      return index == 0 ? red : (index == 1 ? green : blue);
    }
  }

  static enum Motion {
    LEFT(-1, 0),
    RIGHT(1, 0),
    UP(0, -1),
    DOWN(0, 1);

    final int dx;
    final int dy;

    private Motion(int dx, int dy) {
      this.dx = dx;
      this.dy = dy;
    }
  }

  static enum Shape {
    CIRCLE {
      @Override
      double distance(double dx, double dy, double radius) {
        return Math.sqrt(dx * dx + dy * dy) - 0.9 * radius;
      }
    },
    TRIANGLE {
      @Override
      double distance(double dx, double dy, double radius) {
        return Math.max(0.87 * Math.abs(dx) - 0.5 * (dy + radius), dy - 0.75 * radius);
      }
    },
    CROSS {
      @Override
      double distance(double dx, double dy, double radius) {
        double x = Math.abs(dx);
        double y = Math.abs(dy);
        double upright = Math.max(x - 0.33 * radius, y - radius);
        return Math.min(upright, Math.max(y - 0.33 * radius, x - radius));
      }
    };

    abstract double distance(double dx, double dy, double radius);
  }
}
