package instructvideo.job.score;

import instructvideo.spark.ScoreOutput;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Spark's Parquet writer, set up as for its own jobs, for tasks that publish files themselves. */
final class ScoreOutputs {

  private ScoreOutputs() {}

  /**
   * For the files of a table.
   *
   * @param plan part of the names of new files
   */
  static ScoreOutput of(SparkSession spark, ScoreTable table, String plan) throws IOException {
    StructType schema = table.fileSchema();
    Configuration configuration = new Configuration(spark.sessionState().newHadoopConf());
    Job job = Job.getInstance(configuration);
    OutputWriterFactory factory =
        new ParquetFileFormat()
            .prepareWrite(
                spark,
                job,
                scala.collection.immutable.Map$.MODULE$.<String, String>empty(),
                schema);
    return new ScoreOutput(
        table.qualified(),
        plan,
        schema,
        factory,
        new SerializableConfiguration(job.getConfiguration()));
  }
}
