package instructvideo.job.reference;

import instructvideo.job.reference.Comparison.Row;
import java.util.List;
import java.util.Locale;

/** A comparison as text, one line a row. */
final class ComparisonTable {

  private static final String FORMAT = "%-28s %-20s %-11s %-9s %-16s %s%n";

  private ComparisonTable() {}

  static String of(List<Row> rows) {
    StringBuilder table = new StringBuilder();
    table.append(
        FORMAT.formatted("tensor", "shape", "difference", "limit", "of", "result and worst"));
    rows.forEach(row -> table.append(line(row)));
    return table.toString();
  }

  private static String line(Row row) {
    String group = row.count() == 1 ? row.group() : "%s (%d)".formatted(row.group(), row.count());
    String worst = row.count() == 1 ? "" : "  " + row.worst();
    String failures = row.failed() > 1 ? "FAIL (%d)".formatted(row.failed()) : "FAIL";
    String problem = row.problem().isEmpty() ? "" : "  " + row.problem();
    return FORMAT.formatted(
        group,
        row.shape(),
        String.format(Locale.ROOT, "%.1e", row.difference()),
        String.format(Locale.ROOT, "%.0e", row.tolerance()),
        row.measure(),
        (row.passed() ? "ok" : failures) + worst + problem);
  }
}
