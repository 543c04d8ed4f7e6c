package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import instructvideo.job.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures in a real sink of Spark, and what its event log calls jobs and stages. */
class SparkMetricsIT {

  @TempDir private Path temp;

  /** Settings by which each JVM of a run writes its figures, and the driver its events. */
  static List<String> conf(Path sink, Path events) throws IOException {
    Files.createDirectories(sink);
    Files.createDirectories(events);
    Map<String, String> settings =
        Map.of(
            "spark.metrics.conf.*.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink",
            "spark.metrics.conf.*.sink.csv.directory", sink.toString(),
            "spark.metrics.conf.*.sink.csv.period", "1",
            "spark.metrics.namespace", "test",
            "spark.eventLog.enabled", "true",
            "spark.eventLog.dir", events.toUri().toString());
    List<String> options = new ArrayList<>();
    settings.forEach((key, value) -> options.addAll(List.of("--conf", key + "=" + value)));
    return options;
  }

  private static void forget(List<String> conf) {
    conf.stream()
        .filter(setting -> setting.startsWith("spark."))
        .forEach(setting -> System.clearProperty(setting.split("=", 2)[0]));
  }

  /** The last count or value of each figure of a JVM. */
  static Map<String, Double> figures(Path sink, String instance) throws IOException {
    Map<String, Double> figures = new TreeMap<>();
    String prefix = "test." + instance + ".instructvideo.";
    try (Stream<Path> files = Files.list(sink)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(prefix)) {
          List<String> lines = Files.readAllLines(file); // t,value or t,count,...
          String value = lines.get(lines.size() - 1).split(",", -1)[1];
          figures.put(name.replace(prefix, "").replace(".csv", ""), Double.parseDouble(value));
        }
      }
    }

    return figures;
  }

  private static Set<String> names(Path events, String event, String object, String key)
      throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> logs = Files.list(events)) {
      for (String line : Files.readAllLines(logs.findFirst().orElseThrow())) {
        JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
        if (entry.get("Event").getAsString().equals(event) && entry.has(object)) {
          JsonObject inner = entry.getAsJsonObject(object);
          names.add(inner.has(key) ? inner.get(key).getAsString() : "");
        }
      }
    }

    return names;
  }

  @Test
  void aRunOfTwoRounds() throws IOException {
    Path prompts = temp.resolve("prompts.txt");
    Files.writeString(prompts, "h264.mp4|||a cat\nvp8_odd.webm|||a dog\nbroken.mp4|||nothing\n");
    Path videos = Files.createDirectory(temp.resolve("videos"));
    Files.write(videos.resolve("broken.mp4"), new byte[100]);
    for (String name : List.of("h264.mp4", "vp8_odd.webm")) {
      Files.copy(Cli.VIDEOS.resolve(name), videos.resolve(name));
    }

    String table = temp.resolve("table").toString();
    List<String> conf = conf(temp.resolve("sink0"), temp.resolve("events0"));
    String[] options =
        Cli.prepareOptions(
            prompts, table, "--max-reject-fraction", "0.5", "--videos", videos.toString());
    List<String> prepare = Cli.args("prepare", options);
    prepare.addAll(conf);
    Result prepared = Cli.run(prepare);
    assertThat(prepared.code()).as(prepared.err()).isZero();
    Map<String, Double> before = figures(temp.resolve("sink0"), "driver");
    assertThat(before.get("videos")).isGreaterThanOrEqualTo(2);
    assertThat(before.get("decode_errors")).isGreaterThanOrEqualTo(1);
    assertThat(names(temp.resolve("events0"), JOB, PROPERTIES, DESCRIPTION))
        .contains("prepare: chunk 1 of 1");

    List<String> second = conf(temp.resolve("sink"), temp.resolve("events"));
    List<String> train =
        Cli.args("train", Cli.trainOptions(table, temp.resolve("run").toString(), "--rounds", "2"));
    train.addAll(List.of("--local-steps", "1", "--batch", "1"));
    train.addAll(second);
    Result trained = Cli.run(train);
    forget(second);
    assertThat(trained.code()).as(trained.err()).isZero();
    Map<String, Double> figures = figures(temp.resolve("sink"), "driver");
    assertThat(figures)
        .containsEntry("round", 2.0)
        .containsEntry("samples", before.get("samples") + 4)
        .containsEntry("samples_skipped", before.get("samples_skipped"));
    assertThat(trained.err()).contains("reward %.4f".formatted(figures.get("reward_mean")));
    assertThat(figures.get("seconds_chain")).isPositive();
    assertThat(figures.get("device_memory_bytes")).isGreaterThan(1e8);
    assertThat(names(temp.resolve("events"), JOB, PROPERTIES, DESCRIPTION))
        .contains("round 1/2: local steps and averaging", "round 2/2: metrics");
    assertThat(names(temp.resolve("events"), STAGE, "Stage Info", "Stage Name"))
        .contains("round 1/2: local steps", "round 1/2: averaging", "round 2/2: averaging");
    checkEvaluation(temp.resolve("run"), figures);
  }

  /** Two of the model alone and two of the adapter are made, then read back and measured. */
  private void checkEvaluation(Path run, Map<String, Double> before) throws IOException {
    Path prompts = Files.writeString(temp.resolve("held-out.txt"), "a horse\n");
    List<String> evaluate =
        Cli.args("evaluate", "--adapter", run.toString(), "--prompts", prompts.toString());
    evaluate.addAll(List.of("--out", temp.resolve("evaluation").toString(), "--ddim-steps", "2"));
    evaluate.addAll(List.of("--frames", "4", "--height", "32", "--width", "32"));
    List<String> conf = conf(temp.resolve("sink2"), temp.resolve("events2"));
    evaluate.addAll(conf);
    Result evaluated = Cli.run(evaluate);
    forget(conf);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(figures(temp.resolve("sink2"), "driver"))
        .containsEntry("videos_generated", before.get("videos_generated") + 4)
        .containsEntry("videos", before.get("videos") + 4)
        .containsEntry("decode_errors", before.get("decode_errors"))
        .hasEntrySatisfying(
            "frames", frames -> assertThat(frames).isGreaterThan(before.get("frames")));
  }

  private static final String JOB = "SparkListenerJobStart";
  private static final String STAGE = "SparkListenerStageCompleted";
  private static final String PROPERTIES = "Properties";
  private static final String DESCRIPTION = "spark.job.description";

  @Test
  void aTableOfScores() throws IOException {
    List<String> score = new ArrayList<>(List.of("score", "--videos", Cli.VIDEOS + "/h264.mp4"));
    score.addAll(Cli.models().subList(2, 6)); // the reward and its config
    score.addAll(List.of("--prompt", "a dog", "--out", temp.resolve("scores").toString()));
    score.addAll(List.of("--threads", "1", "--master", "local[2]"));
    List<String> conf = conf(temp.resolve("sink"), temp.resolve("events"));
    score.addAll(conf);
    Result result = Cli.run(score);
    forget(conf);

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(figures(temp.resolve("sink"), "driver"))
        .containsEntry("queue", 0.0)
        .hasEntrySatisfying("videos", count -> assertThat(count).isGreaterThanOrEqualTo(1))
        .hasEntrySatisfying("frames", count -> assertThat(count).isGreaterThanOrEqualTo(3));
    assertThat(names(temp.resolve("events"), JOB, PROPERTIES, DESCRIPTION))
        .contains("score: what the table has not got", "score: 1 videos", "score: summary");
    assertThat(names(temp.resolve("events"), STAGE, "Stage Info", "Stage Name"))
        .contains("score: chunks 0 to 0");
  }
}
