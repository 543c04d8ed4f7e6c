package instructvideo.spark;

import instructvideo.cache.RemoteStreams;
import instructvideo.video.ByteArraySource;
import instructvideo.video.SeekableSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A video behind any URI that Hadoop reads; of a long one only the bytes that are asked for. */
public final class HadoopSource implements SeekableSource {

  /** Remote files up to this size come in one request. */
  private static final int WHOLE = 8 << 20;

  /** Bytes of one request to a longer file: between the cost of a request and that of its bytes. */
  private static final long RANGE = 1 << 20;

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
    try (FSDataInputStream in = RemoteStreams.open(files, status, "sequential", RANGE)) {
      in.readFully(bytes);
    }

    return new ByteArraySource(bytes);
  }

  private static SeekableSource ranges(FileSystem files, FileStatus status) throws IOException {
    return new HadoopSource(RemoteStreams.open(files, status, "random", RANGE), status.getLen());
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
