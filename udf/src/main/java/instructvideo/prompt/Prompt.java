package instructvideo.prompt;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * One prompt of a list.
 *
 * @param id unique in the list
 * @param text not blank
 * @param video path of its video relative to the directory of videos; an absolute path or a URI,
 *     see {@link #hasAbsoluteVideo}; null if the list names none
 * @param origin how the list came to name it
 */
public record Prompt(String id, String text, String video, Origin origin) implements Serializable {

  /** A drive such as C: is no scheme. */
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);

  /** What a prompt's video is to be taken for. */
  public enum Origin {
    /** The list names no video. */
    NONE,
    /** A column "video": without that file the prompt is rejected. */
    COLUMN,
    /** The path of a {@code path|||caption} line: without a file the video is sampled. */
    PATH
  }

  /** Whether the list says where the video is without a directory of videos. */
  public boolean hasAbsoluteVideo() {
    return video != null && isAbsolute(video);
  }

  static boolean isAbsolute(String video) {
    return video.startsWith("/") || URI.matcher(video).matches();
  }
}
