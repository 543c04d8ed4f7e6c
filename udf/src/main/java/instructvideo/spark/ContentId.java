package instructvideo.spark;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * What the bytes of a file are, as cheaply as its store tells it: the ETag with the length, a
 * checksum that the store keeps, else the SHA-256 of the bytes.
 */
public final class ContentId {

  /** In place of an id that could not be found out; unlike any other. */
  public static final String UNREADABLE = "unreadable";

  private static final int BUFFER = 1 << 20;

  private ContentId() {}

  /** Of what a listing says, or null where only the bytes tell. */
  public static String ofListing(FileStatus status) {
    if (!(status instanceof EtagSource source)) {
      return null;
    }

    String etag = source.getEtag();
    return etag == null || etag.isEmpty()
        ? null
        : "etag:" + etag.replace("\"", "") + ":" + status.getLen();
  }

  /** Of a file. */
  public static String of(String uri) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(uri);
    FileSystem files = path.getFileSystem(HadoopFiles.configuration());
    return of(files, files.getFileStatus(path));
  }

  static String of(FileSystem files, FileStatus status) throws IOException {
    String listed = ofListing(status);
    if (listed != null) {
      return listed;
    }

    checkRegular(status);

    FileChecksum checksum = files.getFileChecksum(status.getPath());
    return checksum == null
        ? sha256(files, status.getPath())
        : checksum.getAlgorithmName()
            + ":"
            + HexFormat.of().formatHex(checksum.getBytes())
            + ":"
            + status.getLen();
  }

  /** Of bytes in memory. */
  public static String of(byte[] content) {
    return "sha256:" + HexFormat.of().formatHex(digest().digest(content));
  }

  /** Refuses a local pipe or device, which would be read for ever. */
  static void checkRegular(FileStatus status) throws IOException {
    URI uri = status.getPath().toUri();
    if ("file".equals(uri.getScheme()) && !Files.isRegularFile(Path.of(uri.getPath()))) {
      throw new IOException("it is not a regular file");
    }
  }

  private static String sha256(FileSystem files, org.apache.hadoop.fs.Path path)
      throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = files.open(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }

    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
