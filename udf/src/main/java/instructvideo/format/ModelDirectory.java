package instructvideo.format;

import instructvideo.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of a model that a stranger may have made: its symbolic links must not lead out of
 * it. In the cache of Hugging Face's hub, where {@code snapshots/REVISION/FILE} is a link to {@code
 * ../../blobs/HASH}, they must not lead out of the folder that holds both.
 */
public final class ModelDirectory {

  /** Of the files that loaders read: those of the directory, and of a pipeline's parts. */
  private static final int DEPTH = 2;

  private ModelDirectory() {}

  /**
   * Checks all links, whatever they are called. That the directory itself is a link, or a file that
   * is given alone, is the user's own doing.
   *
   * @throws InvalidInputException naming the first link that leads elsewhere
   */
  public static void check(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }

    Path root = directory.toRealPath();
    Path bounds = bounds(root);
    List<Path> links;
    try (Stream<Path> entries = Files.walk(root, DEPTH)) {
      links = entries.filter(Files::isSymbolicLink).sorted().toList();
    }

    for (Path link : links) {
      Path target = target(link);
      if (target != null && !target.startsWith(bounds)) {
        throw InvalidInputException.of(
            "Refused to read %s: its %s is a link to %s, out of the model's directory; put a copy"
                + " in its place",
            directory, root.relativize(link), target);
      }
    }
  }

  /** The file in the end; null if there is none, and so nothing that could be read. */
  private static Path target(Path link) throws IOException {
    try {
      return link.toRealPath();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The directory itself, or the hub's folder of the model, in which it is a snapshot. */
  private static Path bounds(Path root) {
    for (Path folder = root; folder.getParent() != null; folder = folder.getParent()) {
      Path repository = folder.getParent();
      boolean isSnapshots = folder.getFileName().toString().equals("snapshots");
      if (isSnapshots && !folder.equals(root) && Files.isDirectory(repository.resolve("blobs"))) {
        return repository;
      }
    }

    return root;
  }
}
