package instructvideo.job.score;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import instructvideo.spark.HadoopFiles;
import instructvideo.spark.PlanTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** The prompt of each video: the list's, else that of a .txt beside it, else the one for all. */
final class Prompts {

  private static final int LONGEST = 1 << 16; // bytes; a prompt is cut at 77 tokens anyway

  private Prompts() {}

  /** The .txt that would lie beside a video. */
  static Column sidecar(Column uri) {
    return functions.concat(functions.regexp_replace(uri, "\\.[^./]*$", ""), lit(".txt"));
  }

  /** Fills in what the rows have not got. */
  static Dataset<Row> complete(Dataset<Row> items, String constant) {
    UDF1<String, String> read = Prompts::read;
    // Once for each row, wherever the optimizer moves it.
    Column text =
        functions
            .udf(read, DataTypes.StringType)
            .asNondeterministic()
            .apply(col(VideoItems.SIDECAR));
    Column prompt = col(PlanTable.PROMPT);
    Column given = when(trim(prompt).notEqual(""), prompt);
    Column fallback = constant.isBlank() ? lit(null).cast("string") : lit(constant.strip());
    return items
        .withColumn(PlanTable.PROMPT, coalesce(given, text, fallback))
        .drop(VideoItems.SIDECAR);
  }

  private static String read(String uri) throws IOException {
    if (uri == null) {
      return null;
    }

    Path path = new Path(uri);
    try (InputStream in = path.getFileSystem(HadoopFiles.configuration()).open(path)) {
      String text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? null : text;
    } catch (FileNotFoundException e) {
      return null;
    }
  }
}
