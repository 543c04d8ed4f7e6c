package instructvideo.spark;

import instructvideo.spark.GenerateChunk.Part;
import instructvideo.spark.Generation.Plan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Cuts a plan into files of the table: new ones, and those that have a row to be replaced. */
record GenerateParts(SparkSession spark, GenerateSetup setup, TableOutput output) {

  private static final int LARGEST = 64;
  private static final int CHUNKS_PER_CORE = 4;

  /**
   * Of what is pending.
   *
   * @param chunk videos of one new file, 0 to choose by their number
   */
  List<Part> of(Plan plan, int chunk) {
    SortedMap<String, List<GenerateItem>> replacing = new TreeMap<>();
    List<GenerateItem> fresh = new ArrayList<>();
    for (GenerateItem item : plan.pending()) {
      String file = plan.replaced().get(setup.videoId(item));
      if (file == null) {
        fresh.add(item);
      } else {
        replacing.computeIfAbsent(file, name -> new ArrayList<>()).add(item);
      }
    }

    List<Part> parts = new ArrayList<>();
    int size = chunk > 0 ? chunk : size(fresh.size());
    for (int i = 0; i < fresh.size(); i += size) {
      List<GenerateItem> items =
          new ArrayList<>(fresh.subList(i, Math.min(i + size, fresh.size())));
      parts.add(new Part(newFile(items), items, List.of()));
    }

    if (!replacing.isEmpty()) {
      Map<String, List<Row>> kept = kept(replacing);
      replacing.forEach(
          (file, items) ->
              parts.add(new Part(file, items, kept.getOrDefault(file, new ArrayList<>()))));
    }

    return parts;
  }

  /** A function of what is in it. */
  private String newFile(List<GenerateItem> items) {
    String ids = String.join("\n", items.stream().map(setup::videoId).toList());
    String id = ContentId.of(ids.getBytes(StandardCharsets.UTF_8));
    return output.newFile(id.replaceFirst("^.*:", "").substring(0, 32));
  }

  /** Rows that stay in files that are written again. */
  private Map<String, List<Row>> kept(SortedMap<String, List<GenerateItem>> replacing) {
    Set<String> gone = new HashSet<>();
    replacing.values().forEach(items -> items.forEach(item -> gone.add(setup.videoId(item))));
    Map<String, List<Row>> kept = new HashMap<>();
    for (String file : replacing.keySet()) {
      List<Row> rows =
          spark
              .read()
              .schema(VideosTable.SCHEMA)
              .parquet(output.table() + "/" + file)
              .collectAsList();
      List<Row> staying = new ArrayList<>(rows);
      staying.removeIf(row -> gone.contains(row.<String>getAs(VideosTable.VIDEO_ID)));
      kept.put(file, staying);
    }

    return kept;
  }

  private int size(int total) {
    int cores = Math.max(1, spark.sparkContext().defaultParallelism());
    return Math.max(1, Math.min(LARGEST, total / (cores * CHUNKS_PER_CORE)));
  }
}
