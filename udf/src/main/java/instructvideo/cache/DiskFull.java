package instructvideo.cache;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** The errors by which a system says that a disk is full. */
final class DiskFull {

  private DiskFull() {}

  static boolean isCause(IOException error) {
    String message =
        error instanceof FileSystemException file ? file.getReason() : error.getMessage();
    return message != null
        && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
  }
}
