package instructvideo.job.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a clip shows, and its caption says. */
record Subject(Colour colour, Shape shape, Motion motion) {

  /** The subjects of the training clips: of every coloured shape, three of the four motions. */
  static List<Subject> training() {
    return all().stream().filter(subject -> !subject.isHeldOut()).toList();
  }

  private static List<Subject> all() {
    List<Subject> all = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      for (Shape shape : Shape.values()) {
        for (Motion motion : Motion.values()) {
          all.add(new Subject(colour, shape, motion));
        }
      }
    }
    return all;
  }

  /** Five held-out subjects, for choosing settings and for watching a training. */
  static List<Subject> watched() {
    return heldOut().stream().filter(Subject::isWatched).toList();
  }

  /** Ten held-out subjects, for the report: nothing was ever chosen on them. */
  static List<Subject> test() {
    return heldOut().stream().filter(subject -> !subject.isWatched()).toList();
  }

  private static List<Subject> heldOut() {
    return all().stream().filter(Subject::isHeldOut).toList();
  }

  /** One shape of every colour. */
  private boolean isWatched() {
    return shift() % Shape.values().length == 0;
  }

  /** A sentence such as "a red circle moving left". */
  String caption() {
    return "a %s %s moving %s".formatted(lower(colour), lower(shape), lower(motion));
  }

  /** Whether no clip of the fine-tuning shows it; so for one motion of every coloured shape. */
  boolean isHeldOut() {
    List<Motion> motions = List.of(Motion.values());
    return motion == motions.get((shift() + 1) % motions.size());
  }

  private int shift() {
    return List.of(Colour.values()).indexOf(colour) + List.of(Shape.values()).indexOf(shape);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The colours of shapes. */
  enum Colour {
    RED(0.9F, 0.1F, 0.1F),
    GREEN(0.1F, 0.7F, 0.2F),
    BLUE(0.12F, 0.25F, 0.9F),
    YELLOW(0.97F, 0.87F, 0.1F),
    PURPLE(0.6F, 0.15F, 0.7F);

    private final float red;
    private final float green;
    private final float blue;

    Colour(float red, float green, float blue) {
      this.red = red;
      this.green = green;
      this.blue = blue;
    }

    /** Red (0), green or blue (2), in [0, 1]. */
    float channel(int index) {
      return switch (index) {
        case 0 -> red;
        case 1 -> green;
        default -> blue;
      };
    }
  }

  /** The directions of motions; y points down. */
  enum Motion {
    LEFT(-1, 0),
    RIGHT(1, 0),
    UP(0, -1),
    DOWN(0, 1);

    final int dx;
    final int dy;

    Motion(int dx, int dy) {
      this.dx = dx;
      this.dy = dy;
    }
  }

  /** The shapes. */
  enum Shape {
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

    /** The distance of a point from the edge; below 0 inside. */
    abstract double distance(double dx, double dy, double radius);
  }
}
