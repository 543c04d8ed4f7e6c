package instructvideo.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * Measures videos by reading their files back: scores of the chosen frames by every reward, and the
 * measures of all frames. Executors keep the models for the next call.
 */
public final class MeasureVideos {

  private static final int SMALLEST = 2;
  private static final int LARGEST = 32;
  private static final int CHUNKS = 64;

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final MeasureSetup setup;
  private final LongAccumulator done;

  /** Nothing is loaded yet. */
  public MeasureVideos(SparkSession spark, MeasureSetup setup) {
    this.spark = spark;
    this.setup = setup;
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    done = spark.sparkContext().longAccumulator("measured videos");
  }

  /**
   * A piece of work.
   *
   * @param file of the table, null for none
   * @param isThere whether the table has that file
   * @param known rows of an earlier run by key
   */
  private record Chunk(
      String file,
      boolean isThere,
      ArrayList<MeasureItem> items,
      HashMap<String, MeasuredVideo> known)
      implements Serializable {

    /** Whether the file holds these rows already. */
    boolean holds(List<MeasuredVideo> measured) {
      return isThere && measured.stream().allMatch(row -> row.equals(known.get(row.item().key())));
    }
  }

  /** Counts videos as they are measured. */
  public LongAccumulator done() {
    return done;
  }

  /** Measures videos, in the order of the items; one that cannot be measured has an error. */
  public List<MeasuredVideo> run(List<MeasureItem> items) {
    int tasks = Math.max(1, Math.min(items.size(), context.defaultParallelism()));
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      List<MeasureItem> part =
          items.subList(i * items.size() / tasks, (i + 1) * items.size() / tasks);
      chunks.add(new Chunk(null, false, new ArrayList<>(part), new HashMap<>()));
    }

    return run(chunks, null);
  }

  /**
   * Measures videos into a table of {@link MeasuresTable}, of which it is the only writer. Rows
   * that are there and fit (the same video, prompt, rewards and settings) are kept; a file is
   * replaced in one step, so that each reader sees each video once.
   *
   * @param table URI of its folder
   * @return in the order of the items
   */
  public List<MeasuredVideo> run(List<MeasureItem> items, String table) throws IOException {
    Path path = new Path(table);
    FileSystem files = path.getFileSystem(HadoopFiles.configuration());
    Path root = files.makeQualified(path);
    Map<String, MeasuredVideo> known = known(files, root);
    TableOutput output =
        TableOutput.of(spark, root.toString(), "_measures", "", MeasuresTable.SCHEMA);
    Set<String> there = parts(files, root).stream().map(Path::getName).collect(Collectors.toSet());
    List<Chunk> chunks = chunks(items, known, output, there);
    clean(files, root, chunks);
    return run(chunks, output);
  }

  /** Frees the models of this JVM that no task uses: in local mode all of them. */
  public static void releaseModels() {
    ScoreStream.releaseModels();
  }

  private List<MeasuredVideo> run(List<Chunk> chunks, TableOutput output) {
    if (chunks.isEmpty()) {
      return List.of();
    }

    Broadcast<MeasureSetup> broadcast = context.broadcast(setup);
    LongAccumulator counter = done;
    context.setCallSite("measure: %d files".formatted(chunks.size()));
    try {
      List<List<MeasuredVideo>> measured =
          context
              .parallelize(chunks, chunks.size())
              .map(chunk -> measure(chunk, broadcast.value(), output, counter))
              .collect();
      return measured.stream().flatMap(List::stream).toList();
    } finally {
      context.clearCallSite();
      broadcast.destroy();
    }
  }

  private static List<MeasuredVideo> measure(
      Chunk chunk, MeasureSetup setup, TableOutput output, LongAccumulator done)
      throws IOException, InterruptedException {
    List<MeasuredVideo> measured = new ArrayList<>();
    try (VideoMeasurer measurer = new VideoMeasurer(setup)) {
      for (MeasureItem item : chunk.items) {
        TaskContext.get().killTaskIfInterrupted();
        measured.add(measurer.measure(item, chunk.known.get(item.key())));
        done.add(1);
      }
    }

    if (output != null && !chunk.holds(measured)) {
      output.write(chunk.file, measured.stream().map(MeasuresTable::row).toList());
    }

    return measured;
  }

  /** Their files have names of what is in them: another run over these items takes the same. */
  private static List<Chunk> chunks(
      List<MeasureItem> items,
      Map<String, MeasuredVideo> known,
      TableOutput output,
      Set<String> there) {
    int size = Math.max(SMALLEST, Math.min(LARGEST, items.size() / CHUNKS));
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < items.size(); at += size) {
      List<MeasureItem> part = items.subList(at, Math.min(at + size, items.size()));
      String keys = part.stream().map(MeasureItem::key).collect(Collectors.joining("\n"));
      String hash = PreparedRow.sha256(keys.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
      HashMap<String, MeasuredVideo> rows = new HashMap<>();
      part.forEach(item -> rows.put(item.key(), known.get(item.key())));
      String file = output.newFile("%05d-%s".formatted(chunks.size(), hash));
      chunks.add(new Chunk(file, there.contains(file), new ArrayList<>(part), rows));
    }

    return chunks;
  }

  private Map<String, MeasuredVideo> known(FileSystem files, Path root) throws IOException {
    Map<String, MeasuredVideo> known = new HashMap<>();
    if (!parts(files, root).isEmpty()) {
      for (Row row :
          spark.read().schema(MeasuresTable.SCHEMA).parquet(root.toString()).collectAsList()) {
        MeasuredVideo video = MeasuresTable.video(row);
        known.put(video.item().key(), video);
      }
    }

    return known;
  }

  private static List<Path> parts(FileSystem files, Path root) throws IOException {
    List<Path> parts = new ArrayList<>();
    if (files.exists(root)) {
      for (FileStatus status : files.listStatus(root)) {
        if (status.getPath().getName().startsWith("part-")) {
          parts.add(status.getPath());
        }
      }
    }

    return parts;
  }

  /** Takes files of other items away, before the first new one could repeat their rows. */
  private static void clean(FileSystem files, Path root, List<Chunk> chunks) throws IOException {
    Set<String> expected = chunks.stream().map(Chunk::file).collect(Collectors.toSet());
    for (Path part : parts(files, root)) {
      if (!expected.contains(part.getName())) {
        files.delete(part, false);
      }
    }
  }
}
