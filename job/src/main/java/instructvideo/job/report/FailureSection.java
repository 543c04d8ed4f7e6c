package instructvideo.job.report;

import instructvideo.job.evaluate.EvaluationSummary.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What went wrong. */
final class FailureSection {

  private static final int MAX_VIDEOS = 50;

  private FailureSection() {}

  static Section of(ReportFacts facts) {
    StringBuilder html = new StringBuilder();
    facts.run().ifPresent(run -> html.append(run(run)));
    facts.evaluation().ifPresent(evaluation -> html.append(videos(evaluation)));
    return new Section("failures", "Failures", html.toString());
  }

  private static String run(RunFacts run) {
    List<List<String>> rows = new ArrayList<>();
    long skipped = 0;
    for (RoundFigures round : run.rounds()) {
      if (round.count(RoundFigures.SKIPPED) > 0) {
        long number = Math.round(round.count(RoundFigures.SKIPPED));
        skipped += number;
        long counted = Math.round(round.count(RoundFigures.SAMPLES));
        rows.add(
            List.of(
                String.valueOf(round.round()), String.valueOf(number), String.valueOf(counted)));
      }
    }

    String samples =
        rows.isEmpty()
            ? Markup.paragraph("No sample was skipped.")
            : Markup.paragraph(
                    "%d samples were skipped: their loss or gradient was no number."
                        .formatted(skipped))
                + Markup.table("Skipped samples", List.of("Round", "Skipped", "Counted"), rows);
    return samples + checkpoints(run.checkpoints());
  }

  private static String checkpoints(RunFacts.Checkpoints checkpoints) {
    StringBuilder html = new StringBuilder();
    if (checkpoints.damaged().isEmpty()) {
      boolean all = checkpoints.checked().size() == checkpoints.rounds().size();
      html.append(
          Markup.paragraph(
              all
                  ? "All %d checkpoints are whole.".formatted(checkpoints.checked().size())
                  : "The newest %d of %d checkpoints are whole; the others were not read."
                      .formatted(checkpoints.checked().size(), checkpoints.rounds().size())));
    } else {
      html.append(
          Markup.paragraph(
              "Damaged checkpoints, whose files are not what was written: round %s."
                  .formatted(numbers(checkpoints.damaged()))));
    }

    if (!checkpoints.cutOff().isEmpty()) {
      html.append(
          Markup.paragraph(
              "Round %s has figures but no checkpoint: it was cut off, and the next start runs it"
                      .formatted(numbers(checkpoints.cutOff()))
                  + " again. It is not on this page."));
    }

    return html.toString();
  }

  private static String numbers(List<Integer> rounds) {
    return rounds.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String videos(EvaluationFacts evaluation) {
    List<Failure> failures = Optional.ofNullable(evaluation.summary().failures()).orElse(List.of());
    if (failures.isEmpty()) {
      return Markup.paragraph(
          "All %d videos of the evaluation were made and measured."
              .formatted(evaluation.summary().videos()));
    }

    List<List<String>> rows =
        failures.stream()
            .limit(MAX_VIDEOS)
            .map(one -> List.of(or(one.key()), or(one.uri()), or(one.error())))
            .toList();
    String rest =
        failures.size() <= MAX_VIDEOS
            ? ""
            : Markup.paragraph("And %d others.".formatted(failures.size() - MAX_VIDEOS));
    return Markup.paragraph(
            "Videos of the evaluation that could not be made or measured: %d."
                .formatted(failures.size()))
        + Markup.table("Videos with errors", List.of("Video", "File", "Error"), rows)
        + rest;
  }

  private static String or(String text) {
    return text == null ? "" : text;
  }
}
