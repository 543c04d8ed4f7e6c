package instructvideo.spark;

import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/** The numbers of a dataset's rows. */
public final class RowNumbers {

  private RowNumbers() {}

  /**
   * Adds each row's number, from 1 in the dataset's order, as a last column of type long; without
   * having all rows on one machine, as a window without partitions does.
   */
  public static Dataset<Row> add(Dataset<Row> rows, String column) {
    return rows.sparkSession()
        .createDataFrame(
            rows.javaRDD().zipWithIndex().map(row -> append(row._1(), row._2() + 1)),
            rows.schema().add(column, DataTypes.LongType, false));
  }

  private static Row append(Row row, long number) {
    Object[] values = new Object[row.size() + 1];
    Arrays.setAll(values, i -> i < row.size() ? row.get(i) : number);
    return RowFactory.create(values);
  }
}
