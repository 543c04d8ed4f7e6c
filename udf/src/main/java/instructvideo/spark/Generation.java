package instructvideo.spark;

import static org.apache.spark.sql.functions.col;

import instructvideo.error.InvalidInputException;
import instructvideo.spark.GenerateChunk.Part;
import instructvideo.video.VideoFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * Videos of prompts, made on Spark: OUT/videos has the files, OUT/table the rows of {@link
 * VideosTable}. What is there is not made again. Videos and files of the table appear whole; a row
 * appears behind its video.
 */
public final class Generation {

  /** The folder of the table in the output. */
  public static final String TABLE = "table";

  private static final String HIDDEN = "_videos";
  private static final String IDENTITY = HIDDEN + "/table.json";
  private static final String COLUMNS = "part-columns.parquet";
  private static final String FILE = "_file";

  private final SparkSession spark;
  private final GenerateSetup setup;
  private final FileSystem files;
  private final Path out;
  private final TableOutput output;

  /**
   * Begins a table, or opens the one that is there.
   *
   * @param out URI of the output
   * @throws InvalidInputException if its folder "table" is something else
   */
  public Generation(SparkSession spark, GenerateSetup setup, String out) throws IOException {
    this.spark = spark;
    this.setup = setup;
    files = new Path(out).getFileSystem(HadoopFiles.configuration());
    this.out = files.makeQualified(new Path(out));
    output = TableOutput.of(spark, table().toString(), HIDDEN, "", VideosTable.SCHEMA);
    claim();
  }

  /**
   * What there is to do.
   *
   * @param asked each video once
   * @param pending of these, in their order, those that have to be made
   * @param replaced file of the table that has a row of a pending one, by its id
   */
  public record Plan(
      List<GenerateItem> asked, List<GenerateItem> pending, Map<String, String> replaced) {}

  /**
   * What was done.
   *
   * @param made videos, without those that could not be
   * @param errors how many could not, by reason
   */
  public record Result(long made, SortedMap<String, Long> errors) {

    /** How many could not be made. */
    public long failed() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** A row of the table, as far as it matters to a plan. */
  private record Known(String uri, String file, boolean isError) {}

  /** Whether a folder holds what this class writes, and nothing else but what it may hold. */
  public static boolean isOutput(String uri) throws IOException {
    Path path = new Path(new Path(uri, TABLE), IDENTITY);
    return path.getFileSystem(HadoopFiles.configuration()).exists(path);
  }

  /**
   * Compares what is asked for with the table.
   *
   * @param overwrite whether what is there is made again
   */
  public Plan plan(List<GenerateItem> items, boolean overwrite) throws IOException {
    Map<String, GenerateItem> asked = new LinkedHashMap<>();
    items.forEach(item -> asked.putIfAbsent(setup.videoId(item), item));
    Map<String, Known> known = known();
    known.keySet().retainAll(asked.keySet());
    Set<String> there = overwrite || known.isEmpty() ? Set.of() : videos();
    List<GenerateItem> pending = new ArrayList<>();
    Map<String, String> replaced = new HashMap<>();
    asked.forEach(
        (id, item) -> {
          Known row = known.get(id);
          if (row == null || overwrite || !isThere(row, item, there)) {
            pending.add(item);
          }

          if (row != null) {
            replaced.put(id, row.file);
          }
        });
    return new Plan(List.copyOf(asked.values()), pending, replaced);
  }

  /**
   * Makes what is pending.
   *
   * @param chunk videos of one file of the table, 0 to choose by their number
   * @param done counts videos
   */
  public Result run(Plan plan, int chunk, LongAccumulator done) {
    List<Part> parts = new GenerateParts(spark, setup, output).of(plan, chunk);
    if (parts.isEmpty()) {
      return new Result(0, new TreeMap<>());
    }

    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<GenerateChunk> task =
        context.broadcast(new GenerateChunk(setup, out.toString(), output, done));
    context.setCallSite(
        "generate: %d videos in %d files".formatted(plan.pending.size(), parts.size()));
    try {
      SortedMap<String, Long> errors = new TreeMap<>();
      context
          .parallelize(parts, parts.size())
          .flatMap(part -> task.value().write(part).iterator())
          .filter(Objects::nonNull)
          .collect()
          .forEach(error -> errors.merge(error, 1L, Long::sum));
      Result all = new Result(0, errors);
      return new Result(plan.pending.size() - all.failed(), errors);
    } finally {
      context.clearCallSite();
      task.destroy();
    }
  }

  /** All rows of the table, of other settings too. */
  public Dataset<Row> rows() {
    return spark.read().schema(VideosTable.SCHEMA).parquet(table().toString());
  }

  /** The rows of a plan, in its order; each video has one when it has been run. */
  public List<Row> rows(Plan plan) {
    Map<String, Row> byId = new HashMap<>();
    rows().collectAsList().forEach(row -> byId.put(row.getAs(VideosTable.VIDEO_ID), row));
    return plan.asked.stream().map(setup::videoId).map(byId::get).toList();
  }

  /** Frees the models of this JVM, if no task uses them. */
  public static void releaseModels() {
    GenerateWorker.release();
  }

  private Path table() {
    return new Path(out, TABLE);
  }

  /** Makes the table readable from the start: a file without rows tells its columns. */
  private void claim() throws IOException {
    Path identity = new Path(table(), IDENTITY);
    boolean isOurs = files.exists(identity);
    if (!isOurs && files.exists(table()) && files.listStatus(table()).length > 0) {
      throw InvalidInputException.of(
          "Cannot write to %s: it is not empty and holds no table of videos; give another --out",
          table());
    }

    files.delete(new Path(output.staging()), true); // of killed runs
    if (!isOurs) {
      try (OutputStream stream = files.create(identity)) {
        stream.write("{\"format\": 1}\n".getBytes(StandardCharsets.UTF_8));
      }
    }

    if (!files.exists(new Path(table(), COLUMNS))) {
      output.write(COLUMNS, List.of());
    }
  }

  private Map<String, Known> known() {
    Map<String, Known> known = new HashMap<>();
    rows()
        .select(
            col(VideosTable.VIDEO_ID),
            col(VideosTable.URI),
            col("_metadata.file_path").as(FILE),
            col(VideosTable.ERROR).isNotNull().as(VideosTable.ERROR))
        .collectAsList()
        .forEach(
            row ->
                known.put(
                    row.getString(0),
                    new Known(row.getString(1), name(row.getString(2)), row.getBoolean(3))));
    return known;
  }

  private static String name(String filePath) {
    return new Path(URI.create(filePath)).getName();
  }

  /** Paths of all files below the folder of videos. */
  private Set<String> videos() throws IOException {
    Set<String> found = new HashSet<>();
    Path folder = new Path(out, GenerateSetup.VIDEOS);
    if (files.exists(folder)) {
      RemoteIterator<LocatedFileStatus> entries = files.listFiles(folder, true);
      while (entries.hasNext()) {
        found.add(entries.next().getPath().toUri().getPath());
      }
    }

    return found;
  }

  /** An error counts as there: the same again would end the same. */
  private boolean isThere(Known row, GenerateItem item, Set<String> videos) {
    if (row.isError) {
      return true;
    }

    String uri = out + "/" + setup.path(item);
    int frames = setup.video().frames();
    String last = setup.format() == VideoFormat.PNG ? "/%05d.png".formatted(frames - 1) : "";
    return uri.equals(row.uri) && videos.contains(new Path(uri + last).toUri().getPath());
  }
}
