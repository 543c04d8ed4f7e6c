package instructvideo.spark;

import instructvideo.video.ByteArraySource;
import instructvideo.video.SeekableSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;

/** A video behind any URI that Hadoop reads; of a long one only the bytes that are asked for. */
public final class HadoopSource implements SeekableSource {

  /** Remote files up to this size come in one request. */
  private static final int WHOLE = 8 << 20;

  /** Bytes of one request to a longer file: between the cost of a request and that of its bytes. */
  private static final String RANGE = "1048576";

  private final FSDataInputStream stream;
  private final long length;

  private HadoopSource(FSDataInputStream stream, long length) {
    this.stream = stream;
    this.length = length;
  }

  /**
   * Opens a file with the settings of the Spark application.
   *
   * @throws java.io.FileNotFoundException if there is no such file
   */
  public static SeekableSource open(String uri) throws IOException {
    Path path = new Path(uri);
    FileSystem files = path.getFileSystem(HadoopFiles.configuration());
    FileStatus status = files.getFileStatus(path);
    if (status.isDirectory()) {
      throw new FileNotFoundException(uri + " is a directory");
    }

    if (HadoopFiles.isLocal(files.getUri().toString())) {
      ContentId.checkRegular(status);
      return new HadoopSource(files.open(path), status.getLen());
    }

    return status.getLen() <= WHOLE ? whole(files, status) : ranges(files, status);
  }

  private static SeekableSource whole(FileSystem files, FileStatus status) throws IOException {
    byte[] bytes = new byte[(int) status.getLen()];
    try (FSDataInputStream in = open(files, status, "sequential")) {
      in.readFully(bytes);
    }

    return new ByteArraySource(bytes);
  }

  private static SeekableSource ranges(FileSystem files, FileStatus status) throws IOException {
    return new HadoopSource(open(files, status, "random"), status.getLen());
  }

  /** S3A knows the options, other stores pass over them. */
  private static FSDataInputStream open(FileSystem files, FileStatus status, String policy)
      throws IOException {
    try {
      return FutureIO.awaitFuture(
          files
              .openFile(status.getPath())
              .opt("fs.option.openfile.read.policy", policy)
              .opt("fs.s3a.experimental.input.fadvise", policy)
              .opt("fs.s3a.readahead.range", RANGE)
              .withFileStatus(status)
              .build());
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    return stream.read(buffer, offset, size);
  }

  @Override
  public void seek(long position) throws IOException {
    stream.seek(position);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
