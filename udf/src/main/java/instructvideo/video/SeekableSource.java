package instructvideo.video;

import java.io.IOException;

/** The bytes of a video, wherever they are. */
public interface SeekableSource extends AutoCloseable {

  /**
   * Reads from the current position, as {@link java.io.InputStream#read(byte[], int, int)} does.
   *
   * @return number of bytes, -1 at the end
   */
  int read(byte[] buffer, int offset, int length) throws IOException;

  /** Moves to a byte of the file. */
  void seek(long position) throws IOException;

  /** Size in bytes. */
  long length() throws IOException;

  @Override
  void close() throws IOException;
}
