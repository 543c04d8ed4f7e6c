package instructvideo.spark;

import instructvideo.video.SeekableSource;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A video behind any URI that Hadoop reads; only the bytes that the decoder asks for. */
public final class HadoopSource implements SeekableSource {

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
  public static HadoopSource open(String uri) throws IOException {
    Path path = new Path(uri);
    FileSystem files = path.getFileSystem(HadoopFiles.configuration());
    return new HadoopSource(files.open(path), files.getFileStatus(path).getLen());
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
