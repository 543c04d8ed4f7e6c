package instructvideo.job.demo;

import instructvideo.job.demo.Subject.Colour;
import instructvideo.job.demo.Subject.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a clip shows its subject, which the rules of the world say and no reward: only in a made
 * world is the truth known.
 *
 * @param errorToClean mean absolute difference to a clip without a fault whose shape is where this
 *     one's is
 * @param shapeRight share of the frames in which no other shape fits better
 * @param colourRight share of the frames whose shape differs from the background towards its colour
 * @param motionRight 1 if the shape goes where the caption says, else 0
 */
record WorldMeasures(
    double errorToClean, double shapeRight, double colourRight, double motionRight) {

  /** Pixels that a shape has to go, of the 13 of a drawn clip. */
  private static final double MIN_TRAVEL = 5;

  /** Share of the way that has to be along the caption's direction. */
  private static final double MIN_ALONG = 0.8;

  static WorldMeasures of(Clip clip, Subject subject) {
    List<ShapeFit> fits = new ArrayList<>();
    double error = 0;
    int shapes = 0;
    int colours = 0;
    for (int frame = 0; frame < clip.frames(); frame++) {
      float[] likeness = likeness(clip, frame, subject.colour());
      ShapeFit fit = ShapeFit.best(likeness, clip.size(), subject.shape());
      fits.add(fit);
      shapes += isBest(fit, likeness, clip.size(), subject.shape()) ? 1 : 0;
      float[] alpha = fit.mask(clip.size(), subject.shape());
      colours += nearestColour(clip, frame, alpha) == subject.colour() ? 1 : 0;
      error += error(clip, frame, alpha, subject.colour());
    }
    double n = clip.frames();
    return new WorldMeasures(
        error / n, shapes / n, colours / n, goes(fits, subject.motion()) ? 1 : 0);
  }

  /** How far each pixel is from white towards a colour. */
  private static float[] likeness(Clip clip, int frame, Colour colour) {
    float[] values = new float[clip.size() * clip.size()];
    for (int c = 0; c < Clip.CHANNELS; c++) {
      int plane = clip.plane(frame, c);
      for (int i = 0; i < values.length; i++) {
        values[i] += (clip.pixels()[plane + i] - 1) * (colour.channel(c) - 1);
      }
    }
    return values;
  }

  private static boolean isBest(ShapeFit fit, float[] likeness, int size, Shape own) {
    for (Shape other : Shape.values()) {
      if (other != own && ShapeFit.best(likeness, size, other).match() > fit.match()) {
        return false;
      }
    }
    return true;
  }

  /** The colour whose direction from white is that of the shape from the background. */
  private static Colour nearestColour(Clip clip, int frame, float[] alpha) {
    double[] direction = new double[Clip.CHANNELS];
    for (int c = 0; c < Clip.CHANNELS; c++) {
      direction[c] = mean(clip, frame, c, alpha, 0) - mean(clip, frame, c, alpha, 1);
    }
    Colour nearest = Colour.RED;
    double largest = Double.NEGATIVE_INFINITY;
    for (Colour colour : Colour.values()) {
      double dot = 0;
      double square = 0;
      for (int c = 0; c < Clip.CHANNELS; c++) {
        double towards = colour.channel(c) - 1;
        dot += direction[c] * towards;
        square += towards * towards;
      }
      if (dot / Math.sqrt(square) > largest) {
        largest = dot / Math.sqrt(square);
        nearest = colour;
      }
    }
    return nearest;
  }

  /**
   * The mean of a channel, weighted by |from - alpha| turned round: inside for 0, outside for 1.
   */
  private static double mean(Clip clip, int frame, int channel, float[] alpha, int outside) {
    double sum = 0;
    double weights = 0;
    int plane = clip.plane(frame, channel);
    for (int i = 0; i < alpha.length; i++) {
      double weight = outside == 1 ? 1 - alpha[i] : alpha[i];
      sum += weight * clip.pixels()[plane + i];
      weights += weight;
    }
    return sum / Math.max(weights, 1);
  }

  private static double error(Clip clip, int frame, float[] alpha, Colour colour) {
    double sum = 0;
    for (int c = 0; c < Clip.CHANNELS; c++) {
      int plane = clip.plane(frame, c);
      for (int i = 0; i < alpha.length; i++) {
        double ideal = 1 + alpha[i] * (colour.channel(c) - 1);
        sum += Math.abs(clip.pixels()[plane + i] - ideal);
      }
    }
    return sum / (Clip.CHANNELS * alpha.length);
  }

  /** From the middle of the first two frames to that of the last two. */
  private static boolean goes(List<ShapeFit> fits, Subject.Motion motion) {
    int n = fits.size();
    double dx = 0;
    double dy = 0;
    for (int i = 0; i < Math.min(2, n); i++) {
      dx += (fits.get(n - 1 - i).x() - fits.get(i).x()) / 2.0;
      dy += (fits.get(n - 1 - i).y() - fits.get(i).y()) / 2.0;
    }
    double along = dx * motion.dx + dy * motion.dy;
    return along > MIN_TRAVEL && along > MIN_ALONG * Math.hypot(dx, dy);
  }
}
