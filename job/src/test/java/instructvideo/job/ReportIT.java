package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import instructvideo.job.Browser.Visit;
import instructvideo.job.Cli.Result;
import instructvideo.job.report.SampleEvaluation;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a real run, in a real browser where there is one. */
class ReportIT {

  private static final String ATTACK = "<script>throw 1</script>\"' onerror='x' {{verdict}}";

  private static final String GUARD =
      """
      {"format":1,"mode":"stop","status":"stopped","stoppedAfter":2,
       "reason":"motion fell by 41 %% (limit 30 %%)","best":{"round":1,"reason":"highest reward"},
       "limits":{"motion":0.3,"diversity":0.3},
       "looks":[
        {"round":0,"metrics":{"hpsv2":0.2,"motion":0.05},"stderr":{"hpsv2":0.01},"broken":[]},
        {"round":1,"metrics":{"hpsv2":0.25,"motion":0.04},"stderr":{"hpsv2":0.01},"broken":[]},
        {"round":2,"metrics":{"hpsv2":0.3,"motion":0.03},"stderr":{"hpsv2":0.01},
         "broken":["motion fell by 41 %% (limit 30 %%), says %s"]}]}
      """;

  @TempDir private static Path temp;
  private static Path run;
  private static Path evaluation;
  private static Path page;

  @BeforeAll
  static void makeRunAndPage() throws Exception {
    Path prompts = temp.resolve("prompts.txt");
    Files.writeString(prompts, "h264.mp4|||a cat walking|||3\nvp8_odd.webm|||a dog\n");
    String table = temp.resolve("table").toString();
    succeed(Cli.args("prepare", Cli.prepareOptions(prompts, table)));
    run = temp.resolve("first run");
    String[] options =
        Cli.trainOptions(
            table,
            run.toString(),
            "--rounds",
            "2",
            "--batch",
            "1",
            "--workers",
            "1",
            "--local-steps",
            "1");
    succeed(Cli.args("train", options));
    Result bare = succeed(List.of("report", "--run", run.toString(), "--master", "local[2]"));
    assertThat(bare.out()).startsWith("Not evaluated: Only the training reward is known: ");
    assertThat(bare.out()).contains("Wrote " + run.resolve("report.html"));
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("train with --eval-prompts", "make one with evaluate", "No clips", "seed = 0");
    Files.writeString(run.resolve("guard.json"), GUARD.formatted("<b>"));
    evaluation = evaluation(temp.resolve("evaluation"));
    page = temp.resolve("page.html");
    Result full = report("--run", run.toString(), "--out", page.toString());
    assertThat(full.out()).startsWith("Gamed: The trained reward hpsv2 rose by ");
  }

  private static Result succeed(List<String> args) {
    Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private static Result report(String... more) {
    List<String> args = new ArrayList<>(List.of("report", "--master", "local[2]"));
    args.addAll(List.of("--evaluation", evaluation.toString()));
    args.addAll(List.of(more));
    return succeed(args);
  }

  private static Path evaluation(Path directory) throws IOException, VideoException {
    Files.createDirectory(directory);
    video(directory.resolve("base.mp4"), 20);
    video(directory.resolve("run #1.mp4"), 200);
    new SampleEvaluation()
        .extreme(ATTACK, "base.mp4", "run #1.mp4")
        .extreme("a prompt without a video", "base.mp4", "gone.mp4")
        .reward("hpsv2", true, 0.043, 0.035, 0.051)
        .reward("pick" + ATTACK, false, 0.01, 0.002, 0.018)
        .measure("motion", 0.4)
        .failure("s3a://me:password@bucket/x.mp4", ATTACK)
        .summary()
        .write(directory.toString());
    return directory;
  }

  private static void video(Path file, int grey) throws IOException, VideoException {
    List<RgbFrame> frames = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      byte[] pixels = new byte[3 * 400 * 100]; // wider than the page shows it
      Arrays.fill(pixels, (byte) (grey + 10 * i));
      frames.add(new RgbFrame(400, 100, pixels));
    }

    VideoWriter.write(file, frames, 8, VideoFormat.MP4);
  }

  @Test
  void pageHoldsEverythingAndNothingOfOthers() throws IOException {
    String html = Files.readString(page);
    assertThat(html)
        .contains("Training ended after round 2, because motion fell by 41 % (limit 30 %).")
        .contains("&lt;script&gt;throw 1&lt;/script&gt;&quot;&#39; onerror=&#39;x&#39; {{verdict}}")
        .contains("no picture: after: no such file")
        .contains("optimizer.lr = 1e-3", "s3a://bucket/x.mp4", "All 2 checkpoints are whole.")
        .contains("seconds_chain", "<title>Report: first run</title>")
        .doesNotContain("<script", "<b>\"", "password", "{{title}}")
        .doesNotContainPattern("(src|href)=\"(?!data:|#)");
    assertThat(
            Pattern.compile("src=\"data:image/webp;base64,[^\"]{100,}\"").matcher(html).results())
        .as("the moving picture and the still one of a pair, each pair once")
        .hasSize(2);
    assertThat(html).contains("width=\"518\" height=\"64\"");
    report("--run", run.toString(), "--out", temp.resolve("again.html").toString());
    assertThat(temp.resolve("again.html")).as("the same bytes").hasSameBinaryContentAs(page);
  }

  @Test
  void evaluationAloneHasAPageInItsDirectory() throws IOException {
    report();
    assertThat(Files.readString(evaluation.resolve("report.html")))
        .contains("<title>Report: evaluation</title>", "animals, 20 steps: 48 pairs of 24 prompts")
        .doesNotContain("Reward while training");
  }

  @Test
  void damagedCheckpointsAndRoundsThatWereCutOffAreTold() throws IOException {
    Path broken = temp.resolve("broken");
    copy(run, broken);
    Files.writeString(broken.resolve("checkpoints/round-00001/state.json"), "{}");
    Files.delete(broken.resolve("checkpoints/round-00002/manifest.json"));
    Path html = temp.resolve("broken.html");
    report("--run", broken.toString(), "--out", html.toString());
    assertThat(Files.readString(html))
        .contains("Damaged checkpoints, whose files are not what was written: round 1.")
        .contains("Round 2 has figures but no checkpoint", "1 of 2");
    Path begun = broken.resolve("checkpoints/round-00000"); // a watched run begins with one
    Files.move(broken.resolve("checkpoints/round-00001"), begun);
    refuse("none of its rounds is finished", "--run", broken.toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static org.apache.hadoop.fs.Path path(Path local) {
    return new org.apache.hadoop.fs.Path(local.toUri());
  }

  @Test
  void refusesWhatIsNoRunAndNoEvaluation() {
    refuse("no run.json there; --run is train's --out", "--run", temp.toString());
    refuse("no such file or directory", "--evaluation", temp.toString());
    refuse("Missing --run: give it, or --evaluation");
  }

  private static void refuse(String text, String... more) {
    List<String> args = new ArrayList<>(List.of("report"));
    args.addAll(List.of(more));
    Result result = Cli.run(args);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains(text).hasLineCount(1);
  }

  @Test
  void readsAndWritesS3() throws Exception {
    try (S3Server server = new S3Server(Files.createDirectory(temp.resolve("s3")))) {
      SparkSessions.configure(server.settings(), true);
      upload(run, "runs/first");
      upload(evaluation, "evaluation");
      List<String> args = new ArrayList<>(List.of("report", "--master", "local[2]"));
      args.addAll(List.of("--run", S3Server.BUCKET + "/runs/first"));
      args.addAll(List.of("--evaluation", S3Server.BUCKET + "/evaluation"));
      args.addAll(server.options());
      succeed(args);
      assertThat(Storage.readText(S3Server.BUCKET + "/runs/first/report.html"))
          .contains("s3a://bucket/evaluation", "class=\"moving", "no picture: after: no such file")
          .doesNotContain(S3Server.SECRET);
      server.settings().keySet().forEach(key -> System.clearProperty("spark." + key));
    }
  }

  private static void upload(Path local, String name) throws IOException {
    org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/" + name);
    FileSystem files = Storage.fileSystem(remote);
    files.mkdirs(remote.getParent());
    files.copyFromLocalFile(path(local), remote);
  }

  /** A browser; without one the test is passed over, and says so. */
  private static Browser browser() throws Exception {
    Optional<String> program = Browser.find();
    String reason = "no chromium or google-chrome on the PATH, nor CHROME_BIN: page not looked at";
    if (program.isEmpty()) {
      System.err.println("ReportIT: " + reason);
    }

    assumeThat(program).as(reason).isPresent();
    return Browser.start(program.orElseThrow());
  }

  private static String checks() throws IOException {
    try (InputStream in = ReportIT.class.getResourceAsStream("page-checks.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void browserFindsNothingWrong() throws Exception {
    try (Browser browser = browser()) {
      for (int width : new int[] {360, 768, 1440}) {
        for (String scheme : List.of("light", "dark")) {
          Visit visit = browser.visit(page, width, scheme, checks());
          assertThat(visit.problems()).as(width + " " + scheme).isEmpty();
          assertThat(visit.errors()).as(width + " " + scheme).isEmpty();
          assertThat(visit.requests()).as(width + " " + scheme).isEmpty();
        }
      }
    }
  }

  /** The checks themselves: each finds the page that was broken for it. */
  @Test
  void browserFindsWhatIsBroken() throws Exception {
    String html = Files.readString(page);
    String open = html.replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
    Map<String, String> broken = new LinkedHashMap<>();
    broken.put("scrolls sideways closed", add(html, "<p style=\"width:400px\">wide</p>"));
    broken.put(
        "scrolls sideways open",
        add(html, "<details><summary>x</summary><p style=\"width:400px\">wide</p></details>"));
    broken.put("picture not decoded", add(html, "<img alt=\"\" src=\"data:image/png;base64,AA\">"));
    broken.put("h4 after h2", add(html, "<h2>a</h2><h4>b</h4>"));
    broken.put("id twice: time", add(html, "<p id=\"time\">a</p>"));
    broken.put("link to nothing: #x", add(html, "<a href=\"#x\">a</a>"));
    broken.put("contrast 1.", add(html, "<p style=\"color:#eee\">pale</p>"));
    broken.put("Content Security Policy", add(html, "<script>1</script>"));
    broken.put("exceptionDetails", add(open, "<script>throw new Error('x')</script>"));
    broken.put("\"type\":\"error\"", add(open, "<script>console.error('x')</script>"));
    broken.put("http://127.0.0.1:9/x", add(open, "<img alt=\"\" src=\"http://127.0.0.1:9/x\">"));
    try (Browser browser = browser()) {
      for (Map.Entry<String, String> one : broken.entrySet()) {
        Path file = Files.writeString(temp.resolve("defect.html"), one.getValue());
        Visit visit = browser.visit(file, 360, "light", checks());
        List<String> found = new ArrayList<>(visit.problems());
        found.addAll(visit.errors());
        found.addAll(visit.requests());
        assertThat(found).as(one.getKey()).anyMatch(text -> text.contains(one.getKey()));
      }
    }
  }

  private static String add(String html, String defect) {
    return html.replace("</main>", defect + "</main>");
  }
}
