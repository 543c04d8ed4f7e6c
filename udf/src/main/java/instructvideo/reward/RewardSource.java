package instructvideo.reward;

import instructvideo.error.InvalidInputException;
import instructvideo.format.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a built-in reward is made of, opened and checked, not yet loaded.
 *
 * @param head file of an aesthetic head on the model's image features; null for the cosine
 */
public record RewardSource(String name, RewardCheckpoint checkpoint, Path head, Fit fit) {

  /**
   * Checks the head against the model.
   *
   * @throws InvalidInputException if it is missing, damaged, no head, or for other features
   */
  public static RewardSource of(String name, RewardCheckpoint checkpoint, Path head, Fit fit)
      throws IOException {
    if (head != null) {
      AestheticHead.check(head, checkpoint.featureSize());
    }

    return new RewardSource(name, checkpoint, head, fit);
  }

  /** Whether its scores are those of a picture for a prompt. */
  public boolean needsPrompt() {
    return head == null;
  }

  /** What the reward is, wherever it lies: of the weights, a config beside them, and the head. */
  public String fingerprint() throws IOException {
    return head == null
        ? checkpoint.fingerprint()
        : Fingerprint.of(List.of(checkpoint.fingerprint(), Fingerprint.of(head)));
  }
}
