package instructvideo.cache;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A file of a remote model.
 *
 * @param name below the folder that the model gets, with slashes
 */
record RemoteFile(FileStatus status, String name) {

  private static final String MD5 = "[0-9a-f]{32}";

  /**
   * A file of a listing.
   *
   * @param root of the model
   * @throws IOException if its name leads out of the model's folder, or no file can have it
   */
  static RemoteFile of(FileStatus status, Path root) throws IOException {
    String last = root.getName();
    String path = status.getPath().toUri().getPath();
    String above = root.toUri().getPath();
    if (path.equals(above)) {
      return new RemoteFile(status, checked(last, status.getPath()));
    }

    if (!path.startsWith(above + "/")) {
      throw refused(status.getPath());
    }

    return new RemoteFile(status, checked(last + path.substring(above.length()), status.getPath()));
  }

  private static String checked(String name, Path path) throws IOException {
    boolean isControlled = name.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\');
    for (String part : name.split("/", -1)) {
      if (isControlled || part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw refused(path);
      }
    }

    return name;
  }

  private static IOException refused(Path path) {
    return new IOException(
        "the name %s cannot be a file's below the model's folder"
            .formatted(path.toString().replaceAll("\\p{Cntrl}", "?")));
  }

  long bytes() {
    return status.getLen();
  }

  /** What changes when the file does: the store's ETag, else its time. */
  String version() {
    String etag = etag();
    return etag.isEmpty() ? Long.toString(status.getModificationTime()) : etag;
  }

  /** The MD5 of the bytes, if the ETag may be one (an upload in one part), else empty. */
  String md5() {
    String etag = etag().toLowerCase(Locale.ROOT);
    return etag.matches(MD5) ? etag : "";
  }

  private String etag() {
    String etag = status instanceof EtagSource source ? source.getEtag() : null;
    return etag == null ? "" : etag.replace("\"", "");
  }
}
