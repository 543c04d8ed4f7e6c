package instructvideo.job.generate;

import instructvideo.job.Command;
import instructvideo.job.Durations;
import instructvideo.job.SparkSessions;
import instructvideo.job.VideoGeneration;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.Settings;
import instructvideo.spark.GenerateSetup;
import instructvideo.spark.Generation;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** {@code generate}: videos of prompts. */
public final class GenerateCommand implements Command {

  @Override
  public String name() {
    return "generate";
  }

  @Override
  public String summary() {
    return "Makes videos of prompts, with adapters and without, from equal noise; makes only what"
        + " is missing.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo generate --model zeroscope --prompts prompts.txt --out videos",
        "instructvideo generate --model zeroscope --adapter tuned=runs/first --with-base \\",
        "    --prompts prompts.csv --ddim-steps 20 --videos-per-prompt 2 --out videos",
        "instructvideo generate --model s3a://bucket/zeroscope --adapter s3a://bucket/lora \\",
        "    --adapter-scale 0.5 --prompts s3a://bucket/prompts.jsonl --out s3a://bucket/videos");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--model",
        "--adapter",
        "--adapter-scale",
        "--merge-adapter",
        "--with-base",
        "--prompts",
        "--videos-per-prompt",
        "--ddim-steps",
        "--eta",
        "--guidance-scale",
        "--negative-prompt",
        "--frames",
        "--height",
        "--width",
        "--fps",
        "--format",
        "--overwrite",
        "--out",
        "--seed",
        "--precision",
        "--threads",
        "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    GenerateSetup setup = GenerateInputs.setup(settings);
    String out = settings.required("out", "--out");
    return OutputClaim.hold(out, name(), settings.run().claim(), claim -> make(settings, setup));
  }

  private int make(Settings settings, GenerateSetup setup) throws IOException {
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      GenerateInputs inputs = GenerateInputs.of(settings, setup, spark);
      inputs.notices().forEach(notice -> System.err.println("note: " + notice));
      return run(spark, inputs);
    }
  }

  private static int run(SparkSession spark, GenerateInputs inputs) throws IOException {
    long start = System.nanoTime();
    Generation generation = new Generation(spark, inputs.setup(), inputs.out());
    Generation.Plan plan = generation.plan(inputs.items(), inputs.config().overwrite());
    Generation.Result result =
        VideoGeneration.run(spark, generation, plan, inputs.config().chunk());
    int asked = plan.asked().size();
    int pending = plan.pending().size();
    System.out.printf(
        "Made %d of %d videos in %s (%d errors; %d were there): %s%n",
        result.made(),
        asked,
        Durations.text((System.nanoTime() - start) / 1e9),
        result.failed(),
        asked - pending,
        inputs.out());
    result.errors().forEach((reason, count) -> System.out.printf("  %d: %s%n", count, reason));
    return pending > 0 && result.made() == 0 ? 1 : 0;
  }
}
