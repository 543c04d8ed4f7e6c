package instructvideo.job.score.page;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;

import instructvideo.job.html.Ticks;
import instructvideo.job.score.stats.ScoreSummary.Quantiles;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many videos have which score.
 *
 * @param step width of a bin
 * @param first bin i holds the scores from (first + i) * step on
 * @param counts of the bins
 */
record Histogram(double step, long first, long[] counts) {

  private static final int MAX_BINS = 40;

  // In the picture's units:
  private static final int WIDTH = 560;
  private static final int HEIGHT = 210;
  private static final int LEFT = 58;
  private static final int RIGHT = 18;
  private static final int TOP = 14;
  private static final int BOTTOM = 30;

  /** About so many intervals between labels below. */
  private static final int LABELS = 5;

  /** Counts the scores in Spark. */
  static Histogram of(Dataset<Row> scored, Quantiles quantiles) {
    double largest = Math.max(Math.abs(quantiles.min()), Math.abs(quantiles.max()));
    double least = Math.max(1e-9, largest * 1e-6); // of a bin, where all scores are alike
    double step = Ticks.step(Math.max(least, (quantiles.max() - quantiles.min()) / MAX_BINS));
    long first = (long) Math.floor(quantiles.min() / step);
    long last = (long) Math.floor(quantiles.max() / step);
    long[] counts = new long[Math.toIntExact(last - first + 1)];
    for (Row row :
        scored.groupBy(floor(col("score").divide(step)).cast("long")).count().collectAsList()) {
      counts[Math.toIntExact(row.getLong(0) - first)] = row.getLong(1);
    }

    return new Histogram(step, first, counts);
  }

  /** The picture; its colours are the page's classes. */
  String svg(double median) {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Histogram of scores\">",
        WIDTH,
        HEIGHT);
    double tick = countTick();
    for (double count = 0; count <= most(); count += tick) {
      grid(svg, count);
    }

    for (int i = 0; i < counts.length; i++) {
      bar(svg, i);
    }

    labels(svg);
    add(
        svg,
        "<line class=\"median\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/></svg>",
        x(median / step - first),
        x(median / step - first),
        TOP,
        HEIGHT - BOTTOM);
    return svg.toString();
  }

  private void grid(StringBuilder svg, double count) {
    add(
        svg,
        "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
        LEFT,
        WIDTH - RIGHT,
        y(count),
        y(count));
    add(
        svg,
        "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>",
        LEFT - 8,
        y(count) + 5,
        count);
  }

  private void bar(StringBuilder svg, int bin) {
    if (counts[bin] == 0) {
      return;
    }

    double top = Math.min(y((double) counts[bin]), HEIGHT - BOTTOM - 1.5); // one is seen, too
    int decimals = Ticks.decimals(step);
    add(
        svg,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s to %s: %d</title></rect>",
        x(bin) + 0.5,
        top,
        Math.max(0.5, x(bin + 1) - x(bin) - 1),
        HEIGHT - BOTTOM - top,
        number((first + bin) * step, decimals),
        number((first + bin + 1) * step, decimals),
        counts[bin]);
  }

  private void labels(StringBuilder svg) {
    double tick = Ticks.step(Math.max(step, counts.length * step / LABELS));
    double begin = Math.ceil(first * step / tick - 1e-9);
    for (double i = begin; i * tick <= (first + counts.length) * step * (1 + 1e-9); i++) {
      add(
          svg,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(i * tick / step - first),
          HEIGHT - BOTTOM + 20,
          number(i * tick, Ticks.decimals(tick)));
    }
  }

  private long most() {
    long most = 1;
    for (long count : counts) {
      most = Math.max(most, count);
    }

    return most;
  }

  private double countTick() {
    return Math.max(1, Ticks.step(most() / 4.0));
  }

  private double x(double bin) {
    return LEFT + bin / counts.length * (WIDTH - LEFT - RIGHT);
  }

  private double y(double count) {
    return HEIGHT - BOTTOM - count / most() * (HEIGHT - BOTTOM - TOP);
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value + 0.0); // no -0.0
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
