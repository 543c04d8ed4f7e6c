package instructvideo.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Adds scores to the rows of a partition, in their order.
 *
 * @param results names of the rewards and sums
 * @param input column of the videos
 * @param promptColumn null if there is none
 * @param prompt of rows without one
 * @param hasDetails whether {@link ScoreDetails} are added
 * @param schema of the rows with what is added: a score for each result, the error, details for
 *     each result
 */
record ScorePartition(
    ScoreSetup setup,
    ScoreRows scoreRows,
    List<String> results,
    String input,
    String promptColumn,
    String prompt,
    boolean hasDetails,
    StructType schema)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) throws IOException {
    if (!rows.hasNext()) {
      return Collections.emptyIterator(); // no models for it
    }

    ScoreStream stream = ScoreStream.of(setup, new Items(rows), new ScoreClock());
    TaskContext task = TaskContext.get();
    task.addTaskCompletionListener((TaskCompletionListener) context -> stream.close());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return stream.hasNext();
      }

      @Override
      public Row next() {
        task.killTaskIfInterrupted();
        return withScores(stream.next());
      }
    };
  }

  /** Rows of a partition as items. */
  private final class Items implements Iterator<ScoreItem> {

    private final Iterator<Row> rows;

    Items(Iterator<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public ScoreItem next() {
      Row row = rows.next();
      String own = promptColumn == null ? null : row.getAs(promptColumn);
      String used = own == null || own.isBlank() ? prompt : own;
      return ScoreDetails.item(setup.reward(), row.getAs(input), used, row);
    }
  }

  private Row withScores(ScoredVideo scored) {
    Row row = scored.item().row();
    List<Object> values = new ArrayList<>(schema.size());
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }

    Map<String, Row> scores = new LinkedHashMap<>();
    results.forEach(result -> scores.put(result, scoreRows.row(scored, result, null)));
    scores.values().forEach(score -> values.add(ScoreDetails.score(score)));
    values.add(error(scores));
    if (hasDetails) {
      scores.values().forEach(score -> values.add(ScoreDetails.of(score)));
    }

    return RowFactory.create(values.toArray());
  }

  /** One reason if all scores have the same, else the name before each; null if there is none. */
  private static String error(Map<String, Row> scores) {
    Map<String, String> errors = new LinkedHashMap<>();
    scores.forEach(
        (result, row) -> {
          if (ScoreRows.error(row) != null) {
            errors.put(result, ScoreRows.error(row));
          }
        });
    if (errors.isEmpty()) {
      return null;
    }

    if (errors.size() == scores.size() && new HashSet<>(errors.values()).size() == 1) {
      return errors.values().iterator().next();
    }

    return errors.entrySet().stream()
        .map(error -> error.getKey() + ": " + error.getValue())
        .collect(Collectors.joining("; "));
  }
}
