package instructvideo.job.demo;

import instructvideo.job.Command;
import instructvideo.job.config.Settings;
import java.util.List;

/**
 * demo: trains on a tiny world that comes with the program, and writes a page of what it brought.
 */
public final class DemoCommand implements Command {

  private static final String DEFAULT_OUT = "demo-out";

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "Trains tiny models on clips of moving shapes, and writes a page with the videos before"
        + " and after; goes on where it was stopped.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "instructvideo demo",
        "instructvideo demo --out demo-short --rounds 8",
        "instructvideo demo --out demo-middle-frame --segments 1",
        "instructvideo demo --conf-file conf/compare.conf --out compare");
  }

  @Override
  public List<String> options() {
    return List.of(
        "--out",
        "--rounds",
        "--local-steps",
        "--workers",
        "--batch",
        "--lr",
        "--rank",
        "--ddim-steps",
        "--starting-partial",
        "--guidance-scale",
        "--grad-steps",
        "--segments",
        "--lambda-tar",
        "--method",
        "--outer",
        "--seed",
        "--threads",
        "--master");
  }

  @Override
  public int run(Settings given) throws Exception {
    String out = given.run().out().isEmpty() ? DEFAULT_OUT : given.run().out();
    if (!given.run().demo().variants().isEmpty()) {
      new CompareRun(out, given).run();
      return 0;
    }

    DemoFiles files = DemoFiles.of(out);
    DemoSettings settings = DemoSettings.of(files, given, given.run().seed());
    files.claim(settings.conf());
    new DemoRun(files, settings).run();
    return 0;
  }
}
