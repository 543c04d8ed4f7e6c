package instructvideo.spark;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * The chunk of a video and its place there: functions of the video and the prompt alone, so that a
 * task that is tried again has the same rows in the same order.
 *
 * @param prompt "" if there is none
 */
public record ChunkKey(int chunk, String video, String prompt)
    implements Serializable, Comparable<ChunkKey> {

  private static final Comparator<ChunkKey> ORDER =
      Comparator.comparingInt(ChunkKey::chunk)
          .thenComparing(ChunkKey::video)
          .thenComparing(ChunkKey::prompt);

  /**
   * The chunks of a partition of the table.
   *
   * @param start number of the first
   */
  public record Range(int start, int chunks) implements Serializable {

    /** The number behind the last. */
    public int end() {
      return start + chunks;
    }
  }

  /** Chunks are Spark's partitions. */
  public static final class Partitioner extends org.apache.spark.Partitioner {

    private static final long serialVersionUID = 1;

    private final int chunks;

    /** Of so many. */
    public Partitioner(int chunks) {
      this.chunks = chunks;
    }

    @Override
    public int numPartitions() {
      return chunks;
    }

    @Override
    public int getPartition(Object key) {
      return ((ChunkKey) key).chunk();
    }
  }

  /**
   * Of a row of {@link PlanTable}.
   *
   * @param ranges of each partition of the table
   */
  public static ChunkKey of(Row row, Map<String, Range> ranges) {
    Range range = ranges.get(Objects.toString(row.getAs(PlanTable.PARTITION), ""));
    String video = row.getAs(PlanTable.VIDEO);
    String prompt = Objects.toString(row.getAs(PlanTable.PROMPT), "");
    int hash = Objects.hash(video, prompt);
    // The high bits of Java's hash vary little among like names.
    int spread = Math.floorMod((hash * 0x9E3779B9) >>> 7, range.chunks());
    return new ChunkKey(range.start() + spread, video, prompt);
  }

  /** The rows, each key once: a table may hold the same bytes under the same name twice. */
  public static Iterator<Row> distinct(Iterator<Tuple2<ChunkKey, Row>> entries) {
    return new Iterator<>() {
      private ChunkKey last;
      private Tuple2<ChunkKey, Row> next = advance();

      private Tuple2<ChunkKey, Row> advance() {
        while (entries.hasNext()) {
          Tuple2<ChunkKey, Row> entry = entries.next();
          if (!entry._1().equals(last)) {
            last = entry._1();
            return entry;
          }
        }

        return null;
      }

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Row next() {
        Row row = next._2();
        next = advance();
        return row;
      }
    };
  }

  @Override
  public int compareTo(ChunkKey other) {
    return ORDER.compare(this, other);
  }
}
