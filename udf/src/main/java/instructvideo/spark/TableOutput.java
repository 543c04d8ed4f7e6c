package instructvideo.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Files of a table that tasks write themselves: each appears whole, in one step, under a name that
 * another attempt of the same task takes too.
 *
 * @param table URI of its folder
 * @param hidden folder inside the table that Spark's readers pass over
 * @param plan that the run follows, part of the names of new files
 * @param schema of the rows
 * @param factory Spark's own Parquet writer
 */
public record TableOutput(
    String table,
    String hidden,
    String plan,
    StructType schema,
    OutputWriterFactory factory,
    SerializableConfiguration configuration)
    implements Serializable {

  /** What the names of plans' folders begin with. */
  public static final String PLAN = "plan-";

  /**
   * With Spark's Parquet writer, set up as for its own jobs.
   *
   * @param table with its store, which executors must not guess
   */
  public static TableOutput of(
      SparkSession spark, String table, String hidden, String plan, StructType schema)
      throws IOException {
    Job job = Job.getInstance(new Configuration(spark.sessionState().newHadoopConf()));
    OutputWriterFactory factory =
        new ParquetFileFormat()
            .prepareWrite(
                spark,
                job,
                scala.collection.immutable.Map$.MODULE$.<String, String>empty(),
                schema);
    SerializableConfiguration configuration = new SerializableConfiguration(job.getConfiguration());
    return new TableOutput(table, hidden, plan, schema, factory, configuration);
  }

  /** The name of a chunk's file, relative to the table. */
  String newFile(String folder, int chunk) {
    String name = newFile("%05d-%s".formatted(chunk, plan));
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  /** The name of a file that is known by something else. */
  String newFile(String name) {
    return "part-" + name + factory.getFileExtension(context());
  }

  /** The run's own folder, which it removes at its end. */
  String planFolder() {
    return table + "/" + hidden + "/" + PLAN + plan;
  }

  /** Folder for files that are being written, on the table's store. */
  String staging() {
    return table + "/" + hidden + "/staging";
  }

  /** Publishes a file with some rows. */
  public void write(String file, List<Row> all) throws IOException {
    try (Rows rows = open(file)) {
      all.forEach(rows::write);
      rows.publish();
    }
  }

  /** Rows for one file, on this host's disk until they are all there. */
  Rows open(String file) throws IOException {
    return new Rows(file);
  }

  private TaskAttemptContext context() {
    return new TaskAttemptContextImpl(configuration.value(), new TaskAttemptID());
  }

  /** A file that is being written. */
  final class Rows implements AutoCloseable {

    private final String file;
    private final Path folder = Files.createTempDirectory("instructvideo-table");
    private final Path local = folder.resolve("rows.parquet");
    private final ExpressionEncoder.Serializer<Row> serializer =
        ExpressionEncoder.apply(schema).createSerializer();
    private final OutputWriter writer;

    private Rows(String file) throws IOException {
      this.file = file;
      writer = factory.newInstance(local.toUri().toString(), schema, context());
    }

    void write(Row row) {
      InternalRow internal = serializer.apply(row);
      writer.write(internal);
    }

    /** Makes the rows visible, in place of the file's older ones if there are any. */
    void publish() throws IOException {
      writer.close();
      AtomicFile.publish(local, table + "/" + file, staging());
    }

    /** Removes what is on this host's disk. */
    @Override
    public void close() throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path left : files.toList()) {
          Files.delete(left);
        }
      }

      Files.delete(folder);
    }
  }
}
