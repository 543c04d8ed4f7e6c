package instructvideo.job.report;

import java.util.ArrayList;
import java.util.List;

/** The sections of the page about a run and an evaluation. */
public final class Report {

  private Report() {}

  /** All sections, in the order of the page; clips are decoded here. */
  public static List<Section> sections(ReportFacts facts) {
    List<Section> sections = new ArrayList<>();
    facts.run().ifPresent(run -> sections.add(CurveSection.of(run)));
    sections.add(heldOut(facts));
    sections.add(ClipsSection.of(facts.evaluation()));
    facts.run().ifPresent(run -> sections.add(TimeSection.of(run)));
    sections.add(FailureSection.of(facts));
    sections.add(ConfigurationSection.of(facts));
    return sections;
  }

  private static Section heldOut(ReportFacts facts) {
    StringBuilder html = new StringBuilder(ComparisonSection.html(facts.evaluation()));
    facts
        .run()
        .ifPresent(run -> html.append("<h3>While training</h3>\n").append(LooksSection.html(run)));
    return new Section("held-out", "Held-out metrics", html.toString());
  }
}
