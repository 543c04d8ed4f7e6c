package instructvideo.job.prepare;

import instructvideo.error.InvalidInputException;
import instructvideo.job.Storage;
import instructvideo.prompt.Prompt;
import instructvideo.prompt.VideoIndex;
import instructvideo.prompt.VideoIndex.Match;
import instructvideo.spark.PrepareItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of --videos.
 *
 * @param uri of the directory, "" if none was given
 * @param root the same with its scheme, as Hadoop writes it
 * @param files URI of each by its path in the directory
 */
record VideoDirectory(String uri, String root, Map<String, String> files) {

  static VideoDirectory of(String uri) throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (uri.isEmpty()) {
      return new VideoDirectory(uri, "", files);
    }

    if (!Storage.status(uri).isDirectory()) {
      throw InvalidInputException.of("Invalid --videos: %s is not a directory", uri);
    }

    FileSystem system = Storage.fileSystem(new Path(uri));
    Path qualified = system.makeQualified(new Path(uri));
    String root = qualified.toUri().getPath();
    String start = root.endsWith("/") ? root : root + "/";
    RemoteIterator<LocatedFileStatus> entries = system.listFiles(new Path(uri), true);
    while (entries.hasNext()) {
      Path path = entries.next().getPath();
      String relative = path.toUri().getPath().substring(start.length());
      if (!path.getName().startsWith(".") && !path.getName().startsWith("_")) {
        files.put(relative, path.toString());
      }
    }

    return new VideoDirectory(uri, qualified.toString(), files);
  }

  /** Whether there is one. */
  boolean isGiven() {
    return !uri.isEmpty();
  }

  /** What is to become of each prompt, in order. */
  List<PrepareItem> items(List<Prompt> prompts, AbsoluteVideos absolute) {
    VideoIndex index = new VideoIndex(files.keySet());
    List<PrepareItem> items = new ArrayList<>(prompts.size());
    for (Prompt prompt : prompts) {
      items.add(
          prompt.hasAbsoluteVideo()
              ? absolute.item(items.size(), prompt)
              : item(items.size(), prompt, index.find(prompt)));
    }

    return items;
  }

  private PrepareItem item(long position, Prompt prompt, Match match) {
    if (match.path() != null) {
      return new PrepareItem(position, prompt, match.path(), files.get(match.path()), null);
    }

    if (match.isAmbiguous()) {
      String reason = "several videos fit: " + String.join(", ", match.candidates());
      return new PrepareItem(position, prompt, null, null, reason);
    }

    if (prompt.origin() == Prompt.Origin.COLUMN) {
      if (!isGiven()) {
        throw InvalidInputException.of(
            "Missing --videos: the list names video %s for prompt %s; give the directory, or a list"
                + " without the column",
            prompt.video(), prompt.id());
      }

      return new PrepareItem(position, prompt, null, null, "no such file in " + uri);
    }

    return new PrepareItem(position, prompt, null, null, null);
  }
}
