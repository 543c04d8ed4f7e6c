package instructvideo.job.report;

import instructvideo.job.html.Figures;
import instructvideo.job.html.LineChart;
import instructvideo.job.html.LineChart.Point;
import instructvideo.job.run.GuardRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** How training went, by round. */
final class CurveSection {

  private CurveSection() {}

  static Section of(RunFacts run) {
    List<RoundFigures> rounds = run.rounds();
    OptionalDouble best =
        run.guard().map(GuardRecord::best).isPresent()
            ? OptionalDouble.of(run.guard().get().best().round())
            : OptionalDouble.empty();
    List<Point> reward = points(rounds, RoundFigures.REWARD, RoundFigures.REWARD_ERROR);
    String label =
        "Training reward by round: %s in round %d, %s in round %d"
            .formatted(
                Figures.text(rounds.get(0).get(RoundFigures.REWARD)),
                rounds.get(0).round(),
                Figures.text(rounds.get(rounds.size() - 1).get(RoundFigures.REWARD)),
                rounds.get(rounds.size() - 1).round());
    StringBuilder html = new StringBuilder("<div class=\"charts\">\n");
    html.append(
        card(
            "Training reward, by round",
            new LineChart(label, reward, OptionalDouble.empty(), best, "best").svg()));
    html.append(small(rounds, "Loss, by round", "loss"));
    html.append(small(rounds, "Gradient norm, by round", "gradient_norm"));
    html.append(small(rounds, "Learning rate, by round", "lr"));
    html.append("</div>\n");
    html.append(
        Markup.soft(
            "The band is a standard error either way, over the samples of the round. Every round"
                + " has other clips, and some are harder; these frames come from training clips"
                + " with noise, not from pure noise as the held-out videos do."));
    html.append(Markup.details("All figures of each round", table(rounds)));
    return new Section("training", "Reward while training", html.toString());
  }

  private static List<Point> points(List<RoundFigures> rounds, String name, String error) {
    return rounds.stream()
        .map(round -> new Point(round.round(), round.get(name), round.get(error), false))
        .toList();
  }

  private static String small(List<RoundFigures> rounds, String title, String name) {
    return card(title, LineChart.of(title, points(rounds, name, "")).svg());
  }

  static String card(String title, String svg) {
    return svg.isEmpty()
        ? ""
        : "<div class=\"card\"><h3>%s</h3>%s</div>%n".formatted(Markup.text(title), svg);
  }

  private static String table(List<RoundFigures> rounds) {
    TreeSet<String> names = new TreeSet<>();
    rounds.forEach(round -> names.addAll(round.figures().keySet()));
    List<String> head = new ArrayList<>(List.of("round"));
    head.addAll(names);
    List<List<String>> rows = new ArrayList<>();
    for (RoundFigures round : rounds) {
      List<String> row = new ArrayList<>(List.of(String.valueOf(round.round())));
      names.forEach(name -> row.add(figure(round, name)));
      rows.add(row);
    }

    return Markup.table("All figures of each round", head, rows);
  }

  private static String figure(RoundFigures round, String name) {
    Double value = round.figures().get(name);
    boolean whole = value != null && value == Math.rint(value) && Math.abs(value) < 1e9;
    return value == null ? "" : whole ? String.valueOf(value.longValue()) : Figures.text(value);
  }
}
