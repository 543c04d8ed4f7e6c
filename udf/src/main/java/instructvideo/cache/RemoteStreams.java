package instructvideo.cache;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.functional.FutureIO;

/** Streams of remote files. */
public final class RemoteStreams {

  private RemoteStreams() {}

  /**
   * Opens a file whose status is known, without asking for it again. S3A knows the options, other
   * stores pass over them.
   *
   * @param policy sequential or random
   * @param range bytes of one request of a random reader
   */
  public static FSDataInputStream open(
      FileSystem files, FileStatus status, String policy, long range) throws IOException {
    try {
      return FutureIO.awaitFuture(
          files
              .openFile(status.getPath())
              .opt("fs.option.openfile.read.policy", policy)
              .opt("fs.s3a.experimental.input.fadvise", policy)
              .opt("fs.s3a.readahead.range", Long.toString(range))
              .withFileStatus(status)
              .build());
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }
}
