package instructvideo.job.top;

import instructvideo.job.Command;
import instructvideo.job.SparkSessions;
import instructvideo.job.config.Settings;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** {@code top}: the best videos of a table of scores. */
public final class TopCommand implements Command {

  @Override
  public String name() {
    return "top";
  }

  @Override
  public String summary() {
    return "Lists the best videos of a table of scores; prepare reads the list as its prompts.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo top --scores scores --reward hpsv2 --k 1000 --out best.csv",
        "instructvideo top --scores s3a://bucket/scores --reward hpsv2 --per-prompt 1 --k 0 \\",
        "    --out s3a://bucket/best");
  }

  @Override
  public List<String> options() {
    return List.of("--scores", "--reward", "--k", "--min", "--per-prompt", "--out", "--master");
  }

  @Override
  public int run(Settings settings) throws Exception {
    String scores = settings.required("top.scores", "--scores");
    settings.required("top.reward", "--reward");
    TopList list = new TopList(settings.required("out", "--out"));
    list.check();
    try (SparkSession spark = SparkSessions.open(settings, name())) {
      TopRows rows = TopRows.of(ScoresFiles.open(scores, spark), settings.run().top());
      rows.notices().forEach(notice -> System.err.println("note: " + notice));
      new TopJob(rows, list).run();
      return 0;
    }
  }
}
