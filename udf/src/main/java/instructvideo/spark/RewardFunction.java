package instructvideo.spark;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;

/**
 * Scores a video for a prompt, as SQL calls it: one row at a time.
 *
 * @param rows of the one reward
 * @param reward its name
 * @param hasDetails whether the result is {@link ScoreDetails}, not only the score
 */
record RewardFunction(ScoreSetup setup, ScoreRows rows, String reward, boolean hasDetails)
    implements UDF2<Object, String, Object> {

  private static final int REMEMBERED = 8;

  /** A row's video is often scored again in the same row: for a condition and for a column. */
  private static final ThreadLocal<Map<Call, Row>> LAST = ThreadLocal.withInitial(Last::new);

  private record Call(
      long task, ScoreSetup setup, String reward, String video, boolean isContent, String prompt) {}

  private static final class Last extends LinkedHashMap<Call, Row> {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Call, Row> eldest) {
      return size() > REMEMBERED;
    }
  }

  @Override
  public Object call(Object video, String prompt) throws IOException {
    Row scores = scores(ScoreDetails.item(setup.reward(), video, prompt, null));
    return hasDetails ? ScoreDetails.of(scores) : ScoreDetails.score(scores);
  }

  /** A row of {@link ScoresTable}. */
  private Row scores(ScoreItem item) throws IOException {
    TaskContext task = TaskContext.get();
    if (task == null) {
      return scored(item);
    }

    task.killTaskIfInterrupted();
    boolean isContent = item.content() != null;
    Call call =
        new Call(task.taskAttemptId(), setup, reward, item.video(), isContent, item.prompt());
    Map<Call, Row> last = LAST.get();
    Row known = last.get(call);
    if (known == null) {
      known = scored(item);
      last.put(call, known);
    }

    return known;
  }

  private Row scored(ScoreItem item) throws IOException {
    try (ScoreStream stream = ScoreStream.of(setup, List.of(item).iterator(), new ScoreClock())) {
      return rows.row(stream.next(), reward, null);
    }
  }
}
