package instructvideo.job.demo;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

final class RewardCurve {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 260;
  private static final int LEFT = 52;
  private static final int MARGIN = 12;
  private static final int[] STEPS = new int[] {1, 2, 5};
  private final List<RewardCurve.Point> points;
  private final double low;
  private final double high;
  private final double tick;

  private RewardCurve(List<RewardCurve.Point> points) {
    this.points = points;
    double least = points.stream().mapToDouble(p -> p.reward - p.standardError).min().orElse(0.0);
    double most = points.stream().mapToDouble(p -> p.reward + p.standardError).max().orElse(1.0);
    tick = tick(Math.max(0.001, most - least) / 4.0);
    low = Math.floor(least / tick) * tick;
    high = Math.max(low + tick, Math.ceil(most / tick) * tick);
  }

  static List<RewardCurve.Point> read(SparkSession spark, String metrics) {
    return spark
        .read()
        .parquet(metrics)
        .selectExpr(
            new String[] {
              "cast(round as int)", "reward_mean", "coalesce(reward_stderr, 0.0)", "seconds_total"
            })
        .orderBy("round", new String[0])
        .collectAsList()
        .stream()
        .map(RewardCurve::point)
        .toList();
  }

  static String svg(List<RewardCurve.Point> points) {
    return new RewardCurve(points).draw();
  }

  private static RewardCurve.Point point(Row row) {
    return new RewardCurve.Point(
        row.getInt(0), row.getDouble(1), row.getDouble(2), row.getDouble(3));
  }

  private String draw() {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Reward by round\">",
        WIDTH,
        HEIGHT);

    for (double value = low; value < high + tick / 2.0; value += tick) {
      add(
          svg,
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          LEFT,
          708,
          y(value),
          y(value));
      add(
          svg,
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          44,
          y(value) + 4.0,
          String.format(Locale.ROOT, tick < 0.1 ? "%.2f" : "%.1f", value + 0.0));
    }

    labels(svg);
    StringBuilder line = new StringBuilder();

    for (int i = 0; i < points.size(); i++) {
      RewardCurve.Point point = points.get(i);
      add(line, "%.1f,%.1f ", x(point), y(smoothed(i)));
      add(
          svg,
          "<line class=\"error\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
          x(point),
          x(point),
          y(point.reward - point.standardError),
          y(point.reward + point.standardError));
      add(
          svg,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>round %d: %.3f</title></circle>",
          x(point),
          y(point.reward),
          point.round,
          point.reward);
    }

    add(svg, "<polyline points=\"%s\"/></svg>", line.toString().strip());
    return svg.toString();
  }

  private double smoothed(int index) {
    int reach = Math.min(2, Math.min(index, points.size() - 1 - index));
    return points.subList(index - reach, index + reach + 1).stream()
        .mapToDouble(RewardCurve.Point::reward)
        .average()
        .orElseThrow();
  }

  private void labels(StringBuilder svg) {
    int every = (points.size() + 11) / MARGIN;

    for (int i = 0; i < points.size(); i += every) {
      RewardCurve.Point point = points.get(i);
      add(
          svg,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
          x(point),
          242,
          point.round);
    }

    add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">round</text>", 708, 256);
  }

  private double x(RewardCurve.Point point) {
    int first = points.get(0).round;
    int last = points.get(points.size() - 1).round;
    double share = last == first ? 0.5 : (double) (point.round - first) / (last - first);
    return 62.0 + share * 636.0;
  }

  private double y(double value) {
    return 226.0 - (value - low) / (high - low) * 214.0;
  }

  private static double tick(double width) {
    double power = Math.pow(10.0, Math.floor(Math.log10(width)));

    for (int step : STEPS) {
      if (step * power >= width) {
        return step * power;
      }
    }

    return 10.0 * power;
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  record Point(int round, double reward, double standardError, double seconds) {}
}
