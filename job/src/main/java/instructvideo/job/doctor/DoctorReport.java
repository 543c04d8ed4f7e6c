package instructvideo.job.doctor;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import instructvideo.error.Secrets;
import instructvideo.spark.doctor.Check.Status;
import java.util.List;
import java.util.Locale;

/** Findings as lines for people, or as JSON. */
final class DoctorReport {

  private DoctorReport() {}

  /** A line a finding, "ok", "warn" or "FAIL" first; the remedy stands below. */
  static String lines(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      Status status = finding.check().status();
      String word = status == Status.FAIL ? "FAIL" : status.name().toLowerCase(Locale.ROOT);
      String where = finding.where().equals("driver") ? "" : " (" + finding.where() + ")";
      text.append(
          "%-4s  %s%s: %s%n"
              .formatted(word, finding.check().what(), where, clean(finding.check().value())));
      if (!finding.check().remedy().isEmpty()) {
        text.append("      -> %s%n".formatted(clean(finding.check().remedy())));
      }
    }

    long failed = findings.stream().filter(Finding::isFailure).count();
    long warned = findings.stream().filter(f -> f.check().status() == Status.WARN).count();
    return text.append(
            "%d checks: %s%n"
                .formatted(
                    findings.size(),
                    failed + warned == 0
                        ? "all is right"
                        : "%d failed, %d with a warning".formatted(failed, warned)))
        .toString();
  }

  /** An object with "ok" and "checks", each with what, where, status, value and remedy. */
  static String json(List<Finding> findings) {
    JsonArray checks = new JsonArray();
    for (Finding finding : findings) {
      JsonObject check = new JsonObject();
      check.addProperty("status", finding.check().status().name().toLowerCase(Locale.ROOT));
      check.addProperty("what", finding.check().what());
      check.addProperty("where", finding.where());
      check.addProperty("value", clean(finding.check().value()));
      check.addProperty("remedy", clean(finding.check().remedy()));
      checks.add(check);
    }

    JsonObject report = new JsonObject();
    report.addProperty("ok", findings.stream().noneMatch(Finding::isFailure));
    report.add("checks", checks);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(report)
        + System.lineSeparator();
  }

  private static String clean(String text) {
    return Secrets.strip(text.replaceAll("\\s*\\n\\s*", " "));
  }
}
