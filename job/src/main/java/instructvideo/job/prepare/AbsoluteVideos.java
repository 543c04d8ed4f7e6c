package instructvideo.job.prepare;

import instructvideo.error.InvalidInputException;
import instructvideo.error.Secrets;
import instructvideo.job.ListedVideos;
import instructvideo.job.Preflight;
import instructvideo.job.Storage;
import instructvideo.job.config.RunConfig.PrepareConfig;
import instructvideo.prompt.Prompt;
import instructvideo.spark.PrepareItem;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/** Videos that a list names by absolute path or URI, as that of top does. */
final class AbsoluteVideos {

  private final String list;
  private final VideoDirectory directory;
  private final ListedVideos allowed;
  private final Set<String> reached = new HashSet<>();

  private AbsoluteVideos(String list, VideoDirectory directory, ListedVideos allowed) {
    this.list = list;
    this.directory = directory;
    this.allowed = allowed;
  }

  static AbsoluteVideos of(PrepareConfig config, VideoDirectory directory) {
    return new AbsoluteVideos(
        config.prompts(), directory, ListedVideos.of(config.prompts(), config.allowLocalVideos()));
  }

  /**
   * What is to become of a prompt with such a video.
   *
   * @throws InvalidInputException if it is outside of --videos; or without --videos, a local file
   *     in a remote list, or its store does not answer
   */
  PrepareItem item(long position, Prompt prompt) {
    if (Secrets.isIn(prompt.video())) {
      throw InvalidInputException.of(
          "Invalid video in %s: %s of prompt %s carries credentials, which would be written into the"
              + " table; give them as settings of Spark",
          list, Secrets.strip(prompt.video()), prompt.id());
    }

    return directory.isGiven() ? below(position, prompt) : asItIs(position, prompt);
  }

  private PrepareItem below(long position, Prompt prompt) {
    String start = directory.root().endsWith("/") ? directory.root() : directory.root() + "/";
    String video = qualified(prompt);
    if (!video.startsWith(start)) {
      throw InvalidInputException.of(
          "Invalid video in %s: %s of prompt %s is not below %s; give the --videos that holds it, or"
              + " none to open all as they are",
          list, prompt.video(), prompt.id(), directory.uri());
    }

    String relative = video.substring(start.length());
    String file = directory.files().get(relative);
    return file == null
        ? new PrepareItem(position, prompt, null, null, "no such file in " + directory.uri())
        : new PrepareItem(position, prompt, relative, file, null);
  }

  private PrepareItem asItIs(long position, Prompt prompt) {
    String video = prompt.video();
    String problem = allowed.problem(video);
    if (problem != null) {
      throw InvalidInputException.of(
          "Invalid video in %s: %s of prompt %s is %s, which a list on a remote store may not name;"
              + " give the --videos that holds it, or --allow-local-videos",
          list, video, prompt.id(), problem);
    }

    if (reached.add(Preflight.root(video))) {
      Preflight.check(video);
    }

    qualified(prompt); // refused here, not by a task that fails again and again
    return new PrepareItem(position, prompt, video, video, null);
  }

  /** file:/x, file:///x and /x are one. */
  private String qualified(Prompt prompt) {
    try {
      Path path = new Path(prompt.video());
      return Storage.fileSystem(path).makeQualified(path).toString();
    } catch (IOException | IllegalArgumentException e) { // no class for the scheme, no URI
      throw new InvalidInputException(
          "Invalid video in %s: %s of prompt %s: %s"
              .formatted(list, prompt.video(), prompt.id(), e.getMessage()),
          e);
    }
  }
}
