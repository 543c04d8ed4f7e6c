package instructvideo.prompt;

import java.io.Serializable;

/**
 * One prompt of a list.
 *
 * @param id unique in the list
 * @param text not blank
 * @param video path of its video relative to the directory of videos, null if the list names none
 * @param origin how the list came to name it
 */
public record Prompt(String id, String text, String video, Origin origin) implements Serializable {

  /** What a prompt's video is to be taken for. */
  public enum Origin {
    /** The list names no video. */
    NONE,
    /** A column "video": without that file the prompt is rejected. */
    COLUMN,
    /** The path of a {@code path|||caption} line: without a file the video is sampled. */
    PATH
  }
}
