package instructvideo.job.demo;

import instructvideo.job.html.Ticks;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The reward by round as an SVG picture: points with standard errors, and a smoothed line. */
final class RewardCurve {

  // In the picture's units:
  private static final int WIDTH = 720;
  private static final int HEIGHT = 260;
  private static final int LEFT = 52;
  private static final int BOTTOM = 34;
  private static final int MARGIN = 12;

  /** Between the axes' ends and the first and last point. */
  private static final int INSET = 10;

  /** About so many intervals between ticks. */
  private static final int INTERVALS = 4;

  private static final int MAX_LABELS = 12;

  /** The line is the mean of so many points at either side. */
  private static final int WINDOW = 2;

  private final List<Point> points;
  private final double low;
  private final double high;
  private final double tick;

  private RewardCurve(List<Point> points) {
    this.points = points;
    double least = points.stream().mapToDouble(p -> p.reward - p.standardError).min().orElse(0);
    double most = points.stream().mapToDouble(p -> p.reward + p.standardError).max().orElse(1);
    tick = Ticks.step(Math.max(1e-3, most - least) / INTERVALS);
    low = Math.floor(least / tick) * tick;
    high = Math.max(low + tick, Math.ceil(most / tick) * tick);
  }

  /** Reads a run's metrics, sorted by round. */
  static List<Point> read(SparkSession spark, String metrics) {
    return spark
        .read()
        .parquet(metrics)
        .selectExpr(
            "cast(round as int)", "reward_mean", "coalesce(reward_stderr, 0.0)", "seconds_total")
        .orderBy("round")
        .collectAsList()
        .stream()
        .map(RewardCurve::point)
        .toList();
  }

  private static Point point(Row row) {
    return new Point(row.getInt(0), row.getDouble(1), row.getDouble(2), row.getDouble(3));
  }

  /** The picture; its colours are the page's classes. */
  static String svg(List<Point> points) {
    return new RewardCurve(points).draw();
  }

  private String draw() {
    StringBuilder svg = new StringBuilder();
    String start = "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Reward by round\">";
    add(svg, start, WIDTH, HEIGHT);
    grid(svg);
    labels(svg);
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < points.size(); i++) {
      add(line, "%.1f,%.1f ", x(points.get(i)), y(smoothed(i)));
      point(svg, points.get(i));
    }
    add(svg, "<polyline points=\"%s\"/></svg>", line.toString().strip());
    return svg.toString();
  }

  private void grid(StringBuilder svg) {
    String format = tick < 0.1 ? "%.2f" : "%.1f";
    String line = "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>";
    for (double value = low; value < high + tick / 2; value += tick) {
      add(svg, line, LEFT, WIDTH - MARGIN, y(value), y(value));
      String text = String.format(Locale.ROOT, format, value + 0.0); // no -0.0
      String label = "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>";
      add(svg, label, LEFT - 8, y(value) + 4, text);
    }
  }

  private void labels(StringBuilder svg) {
    int every = (points.size() + MAX_LABELS - 1) / MAX_LABELS;
    String label = "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>";
    for (int i = 0; i < points.size(); i += every) {
      Point point = points.get(i);
      add(svg, label, x(point), HEIGHT - BOTTOM + 16, point.round);
    }
    String axis = "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">round</text>";
    add(svg, axis, WIDTH - MARGIN, HEIGHT - 4);
  }

  private void point(StringBuilder svg, Point point) {
    double x = x(point);
    double lower = y(point.reward - point.standardError);
    double upper = y(point.reward + point.standardError);
    String error = "<line class=\"error\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>";
    add(svg, error, x, x, lower, upper);
    String circle =
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>round %d: %.3f</title></circle>";
    add(svg, circle, x, y(point.reward), point.round, point.reward);
  }

  /** The mean around a point; of fewer near the ends, so that it stays in the middle. */
  private double smoothed(int index) {
    int reach = Math.min(WINDOW, Math.min(index, points.size() - 1 - index));
    return points.subList(index - reach, index + reach + 1).stream()
        .mapToDouble(Point::reward)
        .average()
        .orElseThrow();
  }

  private double x(Point point) {
    int first = points.get(0).round;
    int last = points.get(points.size() - 1).round;
    double share = last == first ? 0.5 : (double) (point.round - first) / (last - first);
    return LEFT + INSET + share * (WIDTH - LEFT - MARGIN - 2 * INSET);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - MARGIN);
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  /**
   * A round.
   *
   * @param reward the mean over its samples, with its standard error
   * @param seconds what the round took
   */
  record Point(int round, double reward, double standardError, double seconds) {}
}
