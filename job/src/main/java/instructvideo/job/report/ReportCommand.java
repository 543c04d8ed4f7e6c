package instructvideo.job.report;

import instructvideo.error.InvalidInputException;
import instructvideo.error.Secrets;
import instructvideo.job.Command;
import instructvideo.job.SparkSessions;
import instructvideo.job.config.Settings;
import instructvideo.job.evaluate.EvaluationSummary;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** {@code report}: one page about a run and an evaluation. */
public final class ReportCommand implements Command {

  private static final String PAGE = "report.html";

  @Override
  public String name() {
    return "report";
  }

  @Override
  public String summary() {
    return "Writes one HTML page about a training run, an evaluation, or both: verdict, curves, clips."
        + " Without --out it is report.html in the directory of the run (else of the evaluation).";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo report --run runs/first --out report.html",
        "instructvideo report --run s3a://bucket/runs/first --evaluation s3a://bucket/evaluations/first");
  }

  @Override
  public List<String> options() {
    return List.of("--run", "--evaluation", "--out", "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    String run = settings.run().report().run();
    String directory = settings.run().report().evaluation();
    if (run.isBlank() && directory.isBlank()) {
      throw InvalidInputException.of(
          "Missing --run: give it, or --evaluation, or report.run in the config file");
    }

    Optional<EvaluationFacts> evaluation =
        directory.isBlank()
            ? Optional.empty()
            : Optional.of(
                new EvaluationFacts(
                    directory, EvaluationSummary.read(directory), Optional.empty()));
    ReportPage page = ReportPage.of(facts(settings, run, evaluation));
    String given = settings.run().out();
    String out =
        given.isBlank() ? new Path(run.isBlank() ? directory : run, PAGE).toString() : given;
    page.write(out);
    System.out.printf("%s%nWrote %s%n", Secrets.strip(page.verdict().line()), Secrets.strip(out));
    return 0;
  }

  private ReportFacts facts(Settings settings, String run, Optional<EvaluationFacts> evaluation)
      throws IOException {
    if (run.isBlank()) {
      return new ReportFacts(Optional.empty(), evaluation);
    }

    RunReader reader = RunReader.open(run);
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      RunFacts facts = reader.read(spark);
      return new ReportFacts(
          Optional.of(facts), evaluation.isPresent() ? evaluation : RunReader.look(facts));
    }
  }
}
