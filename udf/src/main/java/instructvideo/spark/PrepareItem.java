package instructvideo.spark;

import instructvideo.prompt.Prompt;
import java.io.Serializable;

/**
 * A prompt with what is to become of it: encode its video, sample one, or reject it.
 *
 * @param position in the list, from 0
 * @param video path of its file in the directory of videos, null if it has none
 * @param uri of that file, null if it has none
 * @param reject why the driver rejects it, null if it does not
 */
public record PrepareItem(long position, Prompt prompt, String video, String uri, String reject)
    implements Serializable {

  /** Whether the base model samples its video. */
  public boolean isSampled() {
    return uri == null && reject == null;
  }

  /** The same with a reason why it cannot be prepared. */
  PrepareItem rejected(String reason) {
    return new PrepareItem(position, prompt, video, uri, reason);
  }
}
