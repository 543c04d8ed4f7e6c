package instructvideo.job.demo;

import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.report.EvaluationFacts;
import instructvideo.job.report.ReportFacts;
import instructvideo.job.report.ReportPage;
import instructvideo.job.report.RunReader;
import instructvideo.job.report.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.SparkSession;

/** The report of a demo: report's page, with what only a made world can tell. */
final class DemoPage {

  private DemoPage() {}

  static void write(SparkSession spark, DemoFiles files, WorldTruth truth) throws IOException {
    String evaluation = files.evaluation().toString();
    ReportFacts facts =
        new ReportFacts(
            Optional.of(RunReader.open(files.run().toString()).read(spark)),
            Optional.of(
                new EvaluationFacts(
                    evaluation, EvaluationSummary.read(evaluation), Optional.empty())));
    ReportPage page = ReportPage.of(facts);
    List<Section> sections = new ArrayList<>();
    sections.add(world(truth));
    sections.addAll(page.sections());
    new ReportPage(
            "InstructVideo on Spark: demo", page.lead(), page.verdict(), page.tiles(), sections)
        .write(files.page().toString());
  }

  private static Section world(WorldTruth truth) {
    int videos = truth.of(DemoSettings.ADAPTER).size();
    int nearer = truth.nearer(EvaluationSummary.BASE, DemoSettings.ADAPTER);
    String html =
        """
        <p>A small text-to-video model learnt from clips of web quality: faded, blurred, blotchy. A small image
        reward knows what clean looks like. <code>prepare</code> and <code>train</code> have fine-tuned a LoRA
        adapter with that reward's gradient, and <code>evaluate</code> has drawn videos of captions that neither
        training nor any choice of a setting has seen, without and with it, from the same noise.</p>
        <p>The world is made, so the truth is known: where the shape of each video is, and how a clip without a fault
        would look there. <b>%d of %d videos came nearer to it.</b> An image reward cannot see in which direction a shape
        moves, so training could hurt that without the reward knowing.</p>
        <div class="card scroll" role="region" tabindex="0" aria-label="What the videos show">
        <table><thead><tr><th scope="col">Mean over videos</th><th scope="col">before</th><th scope="col">after</th>
        </tr></thead><tbody>
        %s%s%s%s</tbody></table></div>
        <p class="soft">The models have 2.4 million parameters in all: nothing here says what a large model would gain.</p>
        """
            .formatted(
                nearer,
                videos,
                row(truth, "error to the clean clip (0 to 1)", WorldMeasures::errorToClean),
                row(truth, "frames with the right shape", WorldMeasures::shapeRight),
                row(truth, "frames with the right colour", WorldMeasures::colourRight),
                row(truth, "videos with the right motion", WorldMeasures::motionRight));
    return new Section("world", "What the videos show", html);
  }

  private static String row(
      WorldTruth truth, String name, ToDoubleFunction<WorldMeasures> measure) {
    return String.format(
        Locale.ROOT,
        "<tr><th scope=\"row\">%s</th><td>%.3f</td><td>%.3f</td></tr>%n",
        name,
        truth.mean(EvaluationSummary.BASE, measure),
        truth.mean(DemoSettings.ADAPTER, measure));
  }
}
