package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import instructvideo.format.Fingerprint;
import instructvideo.job.Cli.Result;
import instructvideo.job.evaluate.EvaluationSummary;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Extreme;
import instructvideo.job.evaluate.EvaluationSummary.Reward;
import instructvideo.job.run.RunDirectory;
import instructvideo.job.run.RunRecord;
import instructvideo.video.RgbFrame;
import instructvideo.video.VideoReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter against the model alone: two sets, two lengths of the chain, two copies. */
class EvaluateIT {

  private static final Path PIPELINE = Cli.SQUARE.resolve("pipeline");
  private static final Path WEIGHTS = Cli.SQUARE.resolve("reward/HPS_v2.pt");
  private static final Path OTHER = Cli.SQUARE.resolveSibling("wide").resolve("reward/hf");

  @TempDir private Path temp;

  private String path(String name) {
    return temp.resolve(name).toString();
  }

  private static List<String> rewards() {
    return List.of(
        "--reward",
        "hpsv2=" + WEIGHTS,
        "--reward",
        "other=" + OTHER,
        "--reward",
        "mix=0.7*hpsv2+0.3*other",
        "--set",
        "reward.config=" + Cli.SQUARE.resolve("reward/config.json"),
        "--segments",
        "2",
        "--threads",
        "1",
        "--master",
        "local[2]");
  }

  private Result evaluate(String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--model", PIPELINE.toString()));
    args.addAll(List.of("--adapter", "first=" + path("run"), "--out", path("out")));
    args.addAll(List.of("--prompts", path("cats.txt"), "--prompts", "rest=" + path("dogs.csv")));
    args.addAll(List.of("--frames", "5", "--height", "32", "--width", "32"));
    args.addAll(List.of("--ddim-steps", "2,3", "--set", "evaluate.resamples=500"));
    args.addAll(rewards());
    args.addAll(Arrays.asList(more));
    return Cli.run(args);
  }

  /** A run whose run.json says that it followed the weights of hpsv2. */
  private void writeRun() throws IOException {
    AdapterRuns.write(path("run"), PIPELINE, 1);
    RunDirectory run = new RunDirectory(path("run"));
    RunRecord record = run.record().orElseThrow();
    SortedMap<String, String> fingerprints = new TreeMap<>(record.fingerprints());
    fingerprints.put("reward.preference", Fingerprint.of(WEIGHTS));
    run.write(new RunRecord(record.format(), record.settings(), fingerprints, record.paths()));
    Files.writeString(temp.resolve("cats.txt"), "a cat walking\na cat, asleep\n");
    Files.writeString(temp.resolve("dogs.csv"), "id,prompt\nd1,a dog running\nd2,a red panda\n");
  }

  private List<Row> table(String name) {
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      return spark.read().parquet(path(name)).collectAsList();
    }
  }

  @Test
  void summaryIsWhatTheFilesSay() throws Exception {
    writeRun();
    Result result = evaluate();
    assertThat(result.code()).as(result.err()).isZero();
    EvaluationSummary summary = EvaluationSummary.read(path("out"));

    assertThat(summary.videos()).isEqualTo(2 * 2 * 2 * 2 * 2);
    assertThat(summary.failures()).isEmpty();
    assertThat(summary.features()).isEqualTo("other");
    assertThat(summary.rewards())
        .extracting(Reward::name, Reward::trained)
        .containsExactly(tuple("hpsv2", true), tuple("mix", true), tuple("other", false));
    assertThat(summary.adapters()).hasSize(2);
    assertThat(summary.adapters().get(1).round()).isEqualTo(1);
    assertThat(summary.comparisons()).hasSize(3 * 2 * (3 + 5)); // sets, lengths, metrics
    for (Comparison one : summary.comparisons()) {
      int ofSet = one.metric().equals("diversity") ? 2 : 4;
      assertThat(one.videos()).isEqualTo(one.set().equals("all") ? 2 * ofSet : ofSet);
    }

    assertThat(result.out()).contains("hpsv2*").contains("cats").contains("first, 2 steps: hpsv2");
    assertThat(result.out().lines())
        .allMatch(line -> line.length() < 120 || line.contains("first"));
    List<Row> measures = table("out/measures");
    assertThat(measures).hasSize(32);
    Map<String, Double> scores = checkScores(measures);
    checkMeans(summary, measures, scores);
    checkMotion(measures.get(0));
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }

  /** Scores have the bits of the score command's, frame by frame; returns those of hpsv2. */
  private Map<String, Double> checkScores(List<Row> measures) throws IOException {
    StringBuilder manifest = new StringBuilder("video,prompt\n");
    measures.forEach(
        row ->
            manifest.append(
                "%s,\"%s\"%n".formatted(row.getAs("uri"), row.<String>getAs("prompt"))));
    Files.writeString(temp.resolve("manifest.csv"), manifest);
    List<String> args = new ArrayList<>(List.of("score", "--videos", path("manifest.csv")));
    args.addAll(List.of("--frame-choice", "first", "--out", path("scores")));
    args.addAll(rewards());
    Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
    Map<String, Row> byUri = new TreeMap<>();
    measures.forEach(row -> byUri.put(row.getAs("uri"), row));
    Map<String, Double> scores = new TreeMap<>();
    List<Row> rows = table("scores");
    assertThat(rows).hasSize(3 * measures.size());
    for (Row row : rows) {
      Row measured = byUri.get(row.<String>getAs("video"));
      String reward = row.getAs("reward");
      Map<String, scala.collection.Seq<Double>> frames =
          measured.getJavaMap(measured.fieldIndex("frame_scores"));
      assertThat(frames.get(reward)).isEqualTo(row.getSeq(row.fieldIndex("frame_scores")));
      assertThat(measured.<Integer>getList(measured.fieldIndex("frame_indices")))
          .containsExactly(0, 2);
      if (reward.equals("hpsv2")) {
        scores.put(measured.getAs("key"), row.getAs("score"));
      }
    }

    return scores;
  }

  private static void checkMeans(
      EvaluationSummary summary, List<Row> measures, Map<String, Double> scores) {
    Comparison cats = summary.find("cats", 3, "first", "hpsv2").orElseThrow();
    double[] base =
        scores.entrySet().stream()
            .filter(e -> e.getKey().startsWith("base/3/cats/"))
            .mapToDouble(Map.Entry::getValue)
            .toArray();
    double[] tuned =
        scores.entrySet().stream()
            .filter(e -> e.getKey().startsWith("first/3/cats/"))
            .mapToDouble(Map.Entry::getValue)
            .toArray();
    double mean = Arrays.stream(base).average().orElseThrow();
    double squares = Arrays.stream(base).map(value -> (value - mean) * (value - mean)).sum();
    assertThat(base).hasSize(4);
    assertThat(cats.base().mean()).isCloseTo(mean, within(1e-12));
    assertThat(cats.base().std()).isCloseTo(Math.sqrt(squares / 3), within(1e-12));
    assertThat(cats.difference().mean())
        .isCloseTo(Arrays.stream(tuned).average().orElseThrow() - mean, within(1e-12));
    assertThat(cats.difference().mean()).as("the adapter does something").isNotZero();
    List<Extreme> extremes = new ArrayList<>(cats.gained());
    extremes.addAll(cats.lost());
    assertThat(extremes).hasSize(2);
    assertThat(measures)
        .extracting(row -> row.<String>getAs("uri"))
        .anyMatch(uri -> uri.endsWith("/out/" + extremes.get(0).tunedUri()));
  }

  private static void checkMotion(Row row) throws Exception {
    Path file =
        Path.of(java.net.URI.create(row.<String>getAs("uri").replace("file:/", "file:///")));
    List<RgbFrame> frames;
    try (VideoReader reader = VideoReader.open(file)) {
      frames = reader.readAll(100);
    }

    assertThat(frames).hasSize(5);
    double sum = 0;
    for (int i = 1; i < frames.size(); i++) {
      for (int at = 0; at < frames.get(i).pixels().length; at++) {
        int one = Byte.toUnsignedInt(frames.get(i - 1).pixels()[at]);
        sum += Math.abs(Byte.toUnsignedInt(frames.get(i).pixels()[at]) - one) / 255.0;
      }
    }

    double motion = sum / 4 / frames.get(0).pixels().length;
    assertThat(row.<Double>getAs("motion")).isCloseTo(motion, within(1e-12)).isPositive();
  }

  @Test
  void measuresOnlyWhatChanged() throws Exception {
    writeRun();
    String[] short_ = {"--ddim-steps", "2", "--trained", "other"};
    assertThat(evaluate(short_).code()).isZero();
    String first = Files.readString(temp.resolve("out/evaluation.json"));
    Map<Path, FileTime> times = times();
    assertThat(times).hasSizeGreaterThan(2);
    Files.delete(temp.resolve("out/evaluation.json"));
    Files.delete(times.keySet().iterator().next());

    assertThat(evaluate(short_).code()).isZero();
    assertThat(Files.readString(temp.resolve("out/evaluation.json"))).isEqualTo(first);
    assertThat(EvaluationSummary.read(path("out")).rewards())
        .extracting(Reward::trained)
        .containsExactly(false, true, true);
    Map<Path, FileTime> again = times();
    assertThat(again.keySet()).isEqualTo(times.keySet());
    assertThat(again.entrySet()).filteredOn(file -> !times.entrySet().contains(file)).hasSize(1);

    Files.writeString(video(), "not a video");
    Result broken = evaluate(short_);
    assertThat(broken.code()).as(broken.err()).isZero();
    EvaluationSummary summary = EvaluationSummary.read(path("out"));
    assertThat(summary.failures()).hasSize(1);
    assertThat(summary.failures().get(0).error()).startsWith("not a video");
    assertThat(summary.failures().get(0).uri()).startsWith("videos/");
    assertThat(summary.videos()).isEqualTo(15);
    Comparison all = summary.find("all", 2, "first", "other").orElseThrow();
    assertThat(List.of(all.videos(), all.missing())).containsExactly(7, 1);
    assertThat(broken.out()).contains("Evaluated 15 of 16 videos").contains("not a video");
  }

  private Map<Path, FileTime> times() throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> files = Files.list(temp.resolve("out/measures"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".parquet")).toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }

    return times;
  }

  private Path video() throws IOException {
    try (Stream<Path> files = Files.walk(temp.resolve("out/videos/first"))) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }

  @Test
  void badInputIsOneLine() throws Exception {
    writeRun();
    expect("Invalid --prompts", evaluate("--prompts", "all=" + path("cats.txt")));
    expect("Invalid --adapter", evaluate("--adapter", "base=" + path("run")));
    expect("Invalid --segments: 6", evaluate("--segments", "6"));
    expect("Invalid --trained: none; the rewards are hpsv2", evaluate("--trained", "none"));
    Files.createDirectories(temp.resolve("out"));
    Files.writeString(temp.resolve("out/file"), "x");
    expect("it is not empty and holds no videos", evaluate());
  }

  private static void expect(String text, Result result) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains(text);
  }
}
