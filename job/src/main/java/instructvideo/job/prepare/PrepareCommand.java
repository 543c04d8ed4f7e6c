package instructvideo.job.prepare;

import instructvideo.job.Command;
import instructvideo.job.SparkSessions;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.Settings;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** {@code prepare}: prompts and videos to the table that train reads. */
public final class PrepareCommand implements Command {

  @Override
  public String name() {
    return "prepare";
  }

  @Override
  public String summary() {
    return "Encodes prompts and videos into the table that train reads; resumes by itself.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo prepare --model zeroscope --reward hpsv2=HPS_v2_compressed.pt \\",
        "    --prompts captions.txt --videos clips --out prepared",
        "instructvideo prepare --model zeroscope --reward hpsv2=HPS_v2_compressed.pt \\",
        "    --prompts s3a://bucket/prompts.jsonl --out s3a://bucket/prepared --frames 16 --fps 8");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--model",
        "--reward",
        "--head",
        "--prompts",
        "--videos",
        "--allow-local-videos",
        "--out",
        "--limit",
        "--max-reject-fraction",
        "--frames",
        "--height",
        "--width",
        "--fps",
        "--segments",
        "--ddim-steps",
        "--guidance-scale",
        "--eta",
        "--negative-prompt",
        "--seed",
        "--threads",
        "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    PrepareInputs.checkBeforeSpark(settings);
    String out = settings.required("out", "--out");
    return OutputClaim.hold(out, name(), settings.run().claim(), claim -> prepare(settings));
  }

  private int prepare(Settings settings) throws IOException {
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      PrepareInputs inputs = PrepareInputs.of(settings, spark);
      inputs.notices().forEach(notice -> System.err.println("note: " + notice));
      return new PrepareJob(spark, inputs).run();
    }
  }
}
