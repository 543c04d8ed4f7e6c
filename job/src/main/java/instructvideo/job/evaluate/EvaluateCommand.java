package instructvideo.job.evaluate;

import instructvideo.job.Command;
import instructvideo.job.Durations;
import instructvideo.job.SparkSessions;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** {@code evaluate}: whether training helped. */
public final class EvaluateCommand implements Command {

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "Compares adapters with the model alone from equal noise: rewards, motion, diversity,"
        + " with intervals.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo evaluate --model zeroscope --adapter runs/first --prompts eval.txt \\",
        "    --reward hpsv2=HPS_v2_compressed.pt --reward pickscore=PickScore_v1 --out evaluation",
        "instructvideo evaluate --model s3a://bucket/zeroscope --adapter a=runs/a --adapter b=lora \\",
        "    --prompts s3a://bucket/new-animals.txt --prompts s3a://bucket/non-animals.txt \\",
        "    --ddim-steps 20,50 --videos-per-prompt 4 --reward hpsv2=s3a://bucket/HPS_v2.pt \\",
        "    --trained hpsv2 --out s3a://bucket/evaluation");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--model",
        "--adapter",
        "--adapter-scale",
        "--merge-adapter",
        "--prompts",
        "--ddim-steps",
        "--videos-per-prompt",
        "--lossless",
        "--reward",
        "--head",
        "--fit",
        "--segments",
        "--trained",
        "--confidence",
        "--eta",
        "--guidance-scale",
        "--negative-prompt",
        "--frames",
        "--height",
        "--width",
        "--fps",
        "--out",
        "--seed",
        "--precision",
        "--threads",
        "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    EvaluateInputs.checkBeforeSpark(settings);
    String out = settings.required("out", "--out");
    return OutputClaim.hold(out, name(), settings.run().claim(), claim -> evaluate(settings));
  }

  private int evaluate(Settings settings) throws IOException {
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      EvaluateInputs inputs = EvaluateInputs.of(settings, spark);
      inputs.notices().forEach(notice -> System.err.println("note: " + notice));
      return run(spark, inputs, settings.run().model());
    }
  }

  private static int run(SparkSession spark, EvaluateInputs inputs, String model)
      throws IOException {
    long start = System.nanoTime();
    Evaluator evaluator = new Evaluator(spark, inputs.spec());
    List<String> adapters = new ArrayList<>(List.of(EvaluationSummary.BASE));
    adapters.addAll(inputs.generate().adapters().keySet());
    List<EvaluatedVideo> videos = evaluator.videos(inputs.generate(), adapters, inputs.out());
    EvaluationSummary summary =
        evaluator.summary(model, inputs.adapters(), inputs.settings(), videos, inputs.out());
    summary.write(inputs.out());
    System.out.print(EvaluationTable.text(summary));
    System.out.printf(
        "Evaluated %d of %d videos in %s: %s%n",
        summary.videos(),
        videos.size(),
        Durations.text((System.nanoTime() - start) / 1e9),
        inputs.out());
    return summary.comparisons().isEmpty() ? 1 : 0;
  }
}
