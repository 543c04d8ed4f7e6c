package instructvideo.job.evaluate;

import instructvideo.job.ProgressLine;
import instructvideo.job.RunningCount;
import instructvideo.job.Storage;
import instructvideo.job.VideoGeneration;
import instructvideo.job.evaluate.EvaluationSummary.Adapter;
import instructvideo.job.evaluate.EvaluationSummary.Comparison;
import instructvideo.job.evaluate.EvaluationSummary.Failure;
import instructvideo.job.evaluate.EvaluationSummary.Reward;
import instructvideo.measure.Measure;
import instructvideo.prompt.Prompt;
import instructvideo.spark.GenerateItem;
import instructvideo.spark.GenerateSetup;
import instructvideo.spark.Generation;
import instructvideo.spark.MeasureItem;
import instructvideo.spark.MeasureVideos;
import instructvideo.spark.MeasuredVideo;
import instructvideo.spark.VideosTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes videos, measures their files and compares adapters with the model alone: what evaluate does
 * once, and a training run now and then. Whoever calls it again keeps the model's own videos: they
 * are made and measured once.
 */
public final class Evaluator {

  /** The folder of the measures in the output. */
  public static final String MEASURES = "measures";

  private final SparkSession spark;
  private final EvaluationSpec spec;
  private final MeasureVideos measure;

  /** Nothing is made yet. */
  public Evaluator(SparkSession spark, EvaluationSpec spec) {
    this.spark = spark;
    this.spec = spec;
    measure = new MeasureVideos(spark, spec.rewards().setup());
  }

  /** A video that is asked for. */
  private record Request(String set, Prompt prompt, GenerateItem item) {}

  /**
   * Makes and measures the videos of some adapters; what is there is kept. One that cannot be made
   * or measured has an error.
   *
   * @param adapters names of the setup's adapters, or {@link EvaluationSummary#BASE}
   * @param out URI of a folder: its videos, table and measures become those of this call's adapters
   */
  public List<EvaluatedVideo> videos(GenerateSetup setup, Collection<String> adapters, String out)
      throws IOException {
    List<Request> requests = requests(adapters);
    Generation generation = new Generation(spark, setup, out);
    Generation.Plan plan = generation.plan(requests.stream().map(Request::item).toList(), false);
    VideoGeneration.run(spark, generation, plan, 0);
    Map<String, Row> rows = new HashMap<>();
    Iterator<Row> made = generation.rows(plan).iterator();
    plan.asked().forEach(item -> rows.put(setup.videoId(item), made.next()));
    List<Row> ofRequests =
        requests.stream().map(request -> rows.get(setup.videoId(request.item))).toList();
    return measured(requests, ofRequests, out);
  }

  /** Each adapter against the model alone; videos of both have to be among those given. */
  public List<Comparison> compare(List<EvaluatedVideo> videos) {
    List<String> rewards = spec.rewards().rewards().stream().map(Reward::name).toList();
    return new Comparisons(rewards, spec.bootstrap(), spec.extremes()).of(videos);
  }

  /**
   * All that can be said.
   *
   * @param model URI of the pipeline
   * @param adapters without the model alone
   * @param settings for readers of the summary
   * @param made videos of the model alone and of the adapters
   * @param directory that the summary will lie in: it names the videos below it relative to it
   */
  public EvaluationSummary summary(
      String model,
      List<Adapter> adapters,
      SortedMap<String, String> settings,
      List<EvaluatedVideo> made,
      String directory)
      throws IOException {
    Path root = Storage.fileSystem(new Path(directory)).makeQualified(new Path(directory));
    List<EvaluatedVideo> videos = made.stream().map(video -> video.relativeTo(root + "/")).toList();
    List<Adapter> all = new ArrayList<>();
    all.add(new Adapter(EvaluationSummary.BASE, null, null, null, null));
    all.addAll(adapters);
    List<Comparison> comparisons = compare(videos);
    return new EvaluationSummary(
        EvaluationSummary.FORMAT,
        model,
        all,
        spec.rewards().rewards(),
        spec.rewards().setup().features(),
        settings,
        comparisons,
        Verdict.of(comparisons, spec.rewards().rewards()),
        (int) videos.stream().filter(EvaluatedVideo::isMeasured).count(),
        failures(videos),
        definitions());
  }

  /** Videos of one prompt stand together: an executor encodes it once. */
  private List<Request> requests(Collection<String> adapters) {
    List<Request> requests = new ArrayList<>();
    for (EvaluationSet set : spec.sets()) {
      for (Prompt prompt : set.prompts()) {
        String id = set.name() + "/" + prompt.id(); // sets must not share noise
        for (int ddimSteps : spec.ddimSteps()) {
          for (int copy = 0; copy < spec.videosPerPrompt(); copy++) {
            for (String adapter : adapters) {
              GenerateItem item = new GenerateItem(id, prompt.text(), copy, adapter, ddimSteps);
              requests.add(new Request(set.name(), prompt, item));
            }
          }
        }
      }
    }

    return requests;
  }

  private List<EvaluatedVideo> measured(List<Request> requests, List<Row> rows, String out)
      throws IOException {
    List<MeasureItem> items = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).getAs(VideosTable.URI) != null) {
        items.add(item(requests.get(i), rows.get(i)));
      }
    }

    Map<String, MeasuredVideo> byKey = new HashMap<>();
    measure(items, out).forEach(video -> byKey.put(video.item().key(), video));
    List<EvaluatedVideo> videos = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      MeasureItem item = item(requests.get(i), rows.get(i));
      MeasuredVideo measured = byKey.get(item.key());
      String error = rows.get(i).getAs(VideosTable.ERROR);
      MeasuredVideo video = measured == null ? MeasuredVideo.missing(item, error) : measured;
      videos.add(video(requests.get(i), video));
    }

    return videos;
  }

  private List<MeasuredVideo> measure(List<MeasureItem> items, String out) throws IOException {
    RunningCount count = new RunningCount(measure.done());
    long before = count.sum(); // of earlier calls
    spark.sparkContext().addSparkListener(count);
    try (ProgressLine line =
        ProgressLine.ofMany("measure", "videos", items.size(), () -> count.sum() - before)) {
      return measure.run(items, new Path(out, MEASURES).toString());
    } finally {
      spark.sparkContext().removeSparkListener(count);
    }
  }

  private static MeasureItem item(Request request, Row row) {
    GenerateItem item = request.item;
    String key =
        "%s/%d/%s/%d".formatted(item.adapter(), item.ddimSteps(), item.promptId(), item.copy());
    return new MeasureItem(key, row.getAs(VideosTable.URI), item.prompt());
  }

  private static EvaluatedVideo video(Request request, MeasuredVideo measured) {
    GenerateItem item = request.item;
    return new EvaluatedVideo(
        request.set,
        item.ddimSteps(),
        item.adapter(),
        request.prompt.id(),
        item.prompt(),
        item.copy(),
        measured.item().uri(),
        measured);
  }

  private static List<Failure> failures(List<EvaluatedVideo> videos) {
    return videos.stream()
        .filter(video -> !video.isMeasured())
        .map(
            video ->
                new Failure(video.measured().item().key(), video.uri(), video.measured().error()))
        .toList();
  }

  private int segments() {
    return spec.rewards().setup().score().reward().segments();
  }

  private SortedMap<String, String> definitions() {
    SortedMap<String, String> definitions = new TreeMap<>();
    definitions.put(
        "reward",
        "mean of the scores of the first frames of %d equal segments (frame s * floor(frames / %d)),"
                .formatted(segments(), segments())
            + " resized bicubically, for the video's prompt");
    for (Measure measure : Measure.values()) {
      definitions.put(measure.key(), measure.definition());
    }

    return definitions;
  }
}
