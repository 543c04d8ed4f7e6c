package instructvideo.cache;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A file, or a folder with all that is below it, as its store lists it.
 *
 * @param parts in the order of their names
 */
record RemoteModel(FileSystem files, Path root, List<RemoteFile> parts) {

  private static final int KEY_BYTES = 16;

  /**
   * Lists a model.
   *
   * @throws FileNotFoundException if there is nothing
   */
  static RemoteModel list(Path uri, Configuration configuration) throws IOException {
    FileSystem files = uri.getFileSystem(configuration);
    Path root = files.makeQualified(uri);
    FileStatus status = files.getFileStatus(root);
    List<RemoteFile> parts = new ArrayList<>();
    if (!status.isDirectory()) {
      parts.add(RemoteFile.of(status, root));
    } else {
      RemoteIterator<LocatedFileStatus> below = files.listFiles(root, true);
      while (below.hasNext()) {
        parts.add(RemoteFile.of(below.next(), root));
      }
    }

    if (parts.isEmpty()) {
      throw new FileNotFoundException("there are no files in it");
    }

    parts.sort(Comparator.comparing(RemoteFile::name));
    return new RemoteModel(files, root, parts);
  }

  String name() {
    return root.getName();
  }

  long bytes() {
    return parts.stream().mapToLong(RemoteFile::bytes).sum();
  }

  /** 32 hexadecimal digits of paths, lengths and versions: another model has another key. */
  String key() {
    StringBuilder lines = new StringBuilder();
    for (RemoteFile part : parts) {
      lines.append(part.status().getPath()).append(' ').append(part.bytes());
      lines.append(' ').append(part.version()).append('\n');
    }

    byte[] digest = Digests.sha256().digest(lines.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
  }
}
