package instructvideo.job.html;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A figure by round as an SVG picture: a line with its band. Colours are classes of the page: grid,
 * band, line, dot, broken, limit, mark.
 *
 * @param label what the picture shows, for those who do not see it
 * @param points ascending; values that are no number are left out
 * @param limit a line across
 * @param mark an x with a line upright, such as the best round
 * @param markLabel what it is called
 */
public record LineChart(
    String label, List<Point> points, OptionalDouble limit, OptionalDouble mark, String markLabel) {

  // In the picture's units:
  private static final int WIDTH = 480;
  private static final int HEIGHT = 220;
  private static final int LEFT = 70;
  private static final int RIGHT = 14;
  private static final int TOP = 22;
  private static final int BOTTOM = 34;

  /** Between the axes' ends and the first and last point. */
  private static final int INSET = 10;

  /** About so many intervals between ticks. */
  private static final int INTERVALS = 4;

  private static final int MAX_LABELS = 7;

  /** More points than these are a line without dots. */
  private static final int MAX_DOTS = 120;

  /**
   * A value.
   *
   * @param error half the band's height; NaN for none
   * @param broken whether it is marked as one beyond a limit
   */
  public record Point(int x, double y, double error, boolean broken) {

    private double low() {
      return y - (Double.isNaN(error) ? 0 : error);
    }

    private double high() {
      return y + (Double.isNaN(error) ? 0 : error);
    }
  }

  /** A curve alone. */
  public static LineChart of(String label, List<Point> points) {
    return new LineChart(label, points, OptionalDouble.empty(), OptionalDouble.empty(), "");
  }

  public LineChart {
    points = points.stream().filter(point -> Double.isFinite(point.y)).toList();
  }

  /** The picture; empty text if there is no value. */
  public String svg() {
    if (points.isEmpty()) {
      return "";
    }

    Scale scale = new Scale(this);
    StringBuilder svg = new StringBuilder();
    add(svg, "<svg viewBox=\"0 0 %d %d\" role=\"img\" ", WIDTH, HEIGHT);
    svg.append("aria-label=\"").append(Html.escape(label)).append("\">");
    grid(svg, scale);
    labels(svg, scale);
    band(svg, scale);
    limit.ifPresent(value -> limit(svg, scale, value));
    mark.ifPresent(x -> mark(svg, scale, x));
    add(svg, "<polyline class=\"line\" points=\"%s\"/>", line(scale, points, 0));
    if (points.size() <= MAX_DOTS) {
      points.forEach(point -> dot(svg, scale, point));
    }

    return svg.append("</svg>").toString();
  }

  private static void grid(StringBuilder svg, Scale scale) {
    int decimals = Ticks.decimals(scale.tick);
    for (double value = scale.low; value < scale.high + scale.tick / 2; value += scale.tick) {
      double y = scale.y(value);
      String line = "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>";
      add(svg, line, LEFT, WIDTH - RIGHT, y, y);
      double zero = Math.abs(value) < scale.tick / 1e6 ? 0 : value;
      String text = String.format(Locale.ROOT, "%." + Math.min(decimals, 6) + "f", zero);
      add(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, y + 4, text);
    }
  }

  private void labels(StringBuilder svg, Scale scale) {
    double width = Math.max(1, Ticks.step(Math.max(1, (scale.last - scale.first) / MAX_LABELS)));
    for (double x = Math.ceil(scale.first / width) * width; x <= scale.last; x += width) {
      String text = "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>";
      add(svg, text, scale.x(x), HEIGHT - BOTTOM + 20, x);
    }
  }

  private void band(StringBuilder svg, Scale scale) {
    List<Point> with = points.stream().filter(point -> !Double.isNaN(point.error)).toList();
    if (with.isEmpty()) {
      return;
    }

    List<Point> back = new ArrayList<>(with);
    Collections.reverse(back);
    String path = line(scale, with, 1) + " " + line(scale, back, -1);
    add(svg, "<polygon class=\"band\" points=\"%s\"/>", path);
    if (with.size() <= MAX_DOTS) {
      for (Point point : with) {
        double x = scale.x(point.x);
        String error = "<line class=\"error\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>";
        add(svg, error, x, x, scale.y(point.low()), scale.y(point.high()));
      }
    }
  }

  private static void limit(StringBuilder svg, Scale scale, double value) {
    double y = scale.y(value);
    String line = "<line class=\"limit\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>";
    add(svg, line, LEFT, WIDTH - RIGHT, y, y);
    String text = "<text class=\"limit\" x=\"%d\" y=\"%.1f\">limit</text>";
    add(svg, text, LEFT + 2, y - 5);
  }

  private void mark(StringBuilder svg, Scale scale, double x) {
    double at = scale.x(x);
    String line = "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>";
    add(svg, line, at, at, TOP - 4, HEIGHT - BOTTOM);
    String anchor = at > WIDTH / 2.0 ? "end" : "start";
    String text = "<text class=\"mark\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>";
    add(svg, text, at + (at > WIDTH / 2.0 ? 4 : -4), TOP - 8, anchor, Html.escape(markLabel));
  }

  private static void dot(StringBuilder svg, Scale scale, Point point) {
    String circle =
        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>%d: %s%s</title></circle>";
    add(
        svg,
        circle,
        point.broken ? "dot broken" : "dot",
        scale.x(point.x),
        scale.y(point.y),
        point.broken ? "5.5" : "3.5",
        point.x,
        Figures.text(point.y),
        Double.isNaN(point.error) ? "" : " +- " + Figures.text(point.error));
  }

  /**
   * Points of a polyline.
   *
   * @param side 1 for the upper end of the errors, -1 for the lower, 0 for the values
   */
  private static String line(Scale scale, List<Point> points, int side) {
    StringBuilder line = new StringBuilder();
    for (Point point : points) {
      double y = side == 0 ? point.y : side > 0 ? point.high() : point.low();
      add(line, "%.1f,%.1f ", scale.x(point.x), scale.y(y));
    }

    return line.toString().strip();
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  /** From values to the picture's units. */
  private static final class Scale {

    private final double first;
    private final double last;
    private final double tick;
    private final double low;
    private final double high;

    Scale(LineChart chart) {
      first = chart.points.get(0).x;
      last = chart.points.get(chart.points.size() - 1).x;
      double least = chart.limit.orElse(Double.POSITIVE_INFINITY);
      double most = chart.limit.orElse(Double.NEGATIVE_INFINITY);
      for (Point point : chart.points) {
        least = Math.min(least, point.low());
        most = Math.max(most, point.high());
      }

      double size = Math.max(Math.abs(least), Math.abs(most));
      tick = Ticks.step(Math.max(Math.max(1e-9, size * 1e-3), (most - least) / INTERVALS));
      low = Math.floor(least / tick) * tick;
      high = Math.max(low + tick, Math.ceil(most / tick) * tick);
    }

    double x(double value) {
      double share = last == first ? 0.5 : (value - first) / (last - first);
      return LEFT + INSET + share * (WIDTH - LEFT - RIGHT - 2 * INSET);
    }

    double y(double value) {
      return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - TOP);
    }
  }
}
