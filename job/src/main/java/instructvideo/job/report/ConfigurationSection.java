package instructvideo.job.report;

import com.typesafe.config.ConfigUtil;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Reward;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The exact settings, as a config file has them, and what they were applied to. */
final class ConfigurationSection {

  private ConfigurationSection() {}

  static Section of(ReportFacts facts) {
    StringBuilder html = new StringBuilder();
    facts.run().ifPresent(run -> html.append(run(run)));
    facts.evaluation().ifPresent(evaluation -> html.append(evaluation(evaluation.summary())));
    html.append("<h3>Versions</h3>\n").append(versions(facts));
    return new Section("configuration", "Configuration", html.toString());
  }

  private static String run(RunFacts run) {
    return "<h3>Settings of the run</h3>\n"
        + Markup.soft("As a file for --conf-file.")
        + code("Settings of the run", conf(run.record().settings()))
        + "<h3>What it was trained on</h3>\n"
        + Markup.table(
            "What it was trained on",
            List.of("Part", "Fingerprint", "Path"),
            parts(run.record().fingerprints(), run.record().paths()));
  }

  private static List<List<String>> parts(
      SortedMap<String, String> fingerprints, SortedMap<String, String> paths) {
    List<List<String>> rows = new ArrayList<>();
    fingerprints.forEach(
        (part, print) -> rows.add(List.of(part, print, paths.getOrDefault(part, ""))));
    paths.forEach(
        (part, path) -> {
          if (!fingerprints.containsKey(part)) {
            rows.add(List.of(part, "", path));
          }
        });
    return rows;
  }

  private static String evaluation(EvaluationSummary summary) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", "", or(summary.model()), ""));
    for (Adapter adapter : summary.adapters()) {
      if (!adapter.name().equals(EvaluationSummary.BASE)) {
        rows.add(
            List.of(
                "adapter " + adapter.name(), or(adapter.id()), or(adapter.uri()), note(adapter)));
      }
    }

    for (Reward reward : summary.rewards()) {
      String trained =
          reward.trained() == null ? "" : reward.trained() ? "trained on" : "not trained on";
      rows.add(List.of("reward " + reward.name(), or(reward.id()), "", trained));
    }

    return "<h3>Settings of the evaluation</h3>\n"
        + code("Settings of the evaluation", conf(summary.settings()))
        + "<h3>What was evaluated</h3>\n"
        + Markup.table("What was evaluated", List.of("Part", "Fingerprint", "Path", "Note"), rows);
  }

  private static String note(Adapter adapter) {
    String scale = adapter.scale() == null ? "" : "scale " + adapter.scale();
    String round = adapter.round() == null ? "" : "round " + adapter.round();
    return scale.isEmpty() || round.isEmpty() ? scale + round : round + ", " + scale;
  }

  private static String versions(ReportFacts facts) {
    List<List<String>> rows = new ArrayList<>();
    String version = ConfigurationSection.class.getPackage().getImplementationVersion();
    rows.add(
        List.of("instructvideo, which made this page", version == null ? "not packaged" : version));
    facts
        .run()
        .ifPresent(
            run -> rows.add(List.of("format of the run", String.valueOf(run.record().format()))));
    facts
        .evaluation()
        .ifPresent(
            evaluation ->
                rows.add(
                    List.of(
                        "format of the evaluation",
                        String.valueOf(evaluation.summary().format()))));
    return Markup.table("Versions", List.of("What", "Version"), rows);
  }

  private static String code(String label, String text) {
    return Markup.scrolling(label, "<pre>" + Markup.text(text) + "</pre>");
  }

  /** The settings in HOCON, a line each. */
  static String conf(Map<String, String> settings) {
    StringBuilder text = new StringBuilder();
    Optional.ofNullable(settings)
        .orElse(Map.of())
        .forEach((key, value) -> text.append("%s = %s\n".formatted(key, value(value))));
    return text.toString();
  }

  /** Lists, numbers, words as they are; all else in quotation marks. */
  private static String value(String value) {
    boolean isPlain = value.matches("[A-Za-z0-9_.+-]+|\\[[A-Za-z0-9_., +-]*]");
    return isPlain ? value : ConfigUtil.quoteString(value);
  }

  private static String or(String text) {
    return text == null ? "" : text;
  }
}
