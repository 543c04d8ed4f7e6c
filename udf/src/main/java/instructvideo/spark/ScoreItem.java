package instructvideo.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Set;
import org.apache.spark.sql.Row;

/**
 * A video or image and the prompt that it is scored for.
 *
 * @param video as the table names it
 * @param prompt null if it has none
 * @param uri where its bytes are, null if they are in {@code content}
 * @param content its bytes, null if they are at the URI
 * @param contentId of its bytes as the listing tells it, null to find it out
 * @param problem why it cannot be scored, null if nothing is known against it
 * @param rewards names of those that are wanted
 * @param row that it came from, handed through
 */
public record ScoreItem(
    String video,
    String prompt,
    String uri,
    byte[] content,
    String contentId,
    String problem,
    Set<String> rewards,
    Row row)
    implements Serializable {

  /** The same with a reason why it cannot be scored; what its bytes are is found out, if it can. */
  ScoreItem rejected(String reason) {
    return new ScoreItem(video, prompt, uri, content, identified(), reason, rewards, row);
  }

  private String identified() {
    try {
      return contentId != null
          ? contentId
          : content == null ? ContentId.of(uri) : ContentId.of(content);
    } catch (IOException e) {
      return null;
    }
  }
}
