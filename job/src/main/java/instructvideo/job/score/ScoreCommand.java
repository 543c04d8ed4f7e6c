package instructvideo.job.score;

import instructvideo.job.Command;
import instructvideo.job.SparkSessions;
import instructvideo.job.claim.OutputClaim;
import instructvideo.job.config.Settings;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** {@code score}: rewards of existing videos. */
public final class ScoreCommand implements Command {

  @Override
  public String name() {
    return "score";
  }

  @Override
  public String summary() {
    return "Scores videos and images by rewards into a table; scores only what is new or changed.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo score --videos clips --prompt \"a dog on the grass\" \\",
        "    --reward hpsv2=HPS_v2_compressed.pt --out scores --html scores.html",
        "instructvideo score --videos s3a://bucket/clips --prompts s3a://bucket/captions.csv \\",
        "    --reward hpsv2=s3a://bucket/HPS_v2.1_compressed.pt --reward pickscore=PickScore_v1 \\",
        "    --reward \"0.7*hpsv2+0.3*pickscore\" --out s3a://bucket/scores",
        "instructvideo score --videos manifest.parquet --reward aesthetic=clip-vit-large-patch14 \\",
        "    --head aesthetic=sac+logos+ava1-l14-linearMSE.pth --frame-choice first --out scores");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--videos",
        "--prompts",
        "--prompt",
        "--reward",
        "--head",
        "--fit",
        "--out",
        "--frame-choice",
        "--segments",
        "--every",
        "--interpolation",
        "--retry-errors",
        "--overwrite",
        "--html",
        "--batch",
        "--decode-threads",
        "--decode-timeout",
        "--allow-local-videos",
        "--seed",
        "--precision",
        "--threads",
        "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    ScoreInputs.checkBeforeSpark(settings);
    String out = settings.required("out", "--out");
    return OutputClaim.hold(out, name(), settings.run().claim(), claim -> score(settings));
  }

  private int score(Settings settings) throws IOException {
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      return new ScoreJob(spark, ScoreInputs.of(settings)).run();
    }
  }
}
