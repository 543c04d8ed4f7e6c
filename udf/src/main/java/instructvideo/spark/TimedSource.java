package instructvideo.spark;

import instructvideo.video.SeekableSource;
import java.io.IOException;

/** A source that measures how long its bytes take. */
final class TimedSource implements SeekableSource {

  private final SeekableSource source;
  private long nanos;

  TimedSource(SeekableSource source) {
    this.source = source;
  }

  /** Nanoseconds spent in the source. */
  long nanos() {
    return nanos;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long start = System.nanoTime();
    try {
      return source.read(buffer, offset, length);
    } finally {
      nanos += System.nanoTime() - start;
    }
  }

  @Override
  public void seek(long position) throws IOException {
    long start = System.nanoTime();
    try {
      source.seek(position);
    } finally {
      nanos += System.nanoTime() - start;
    }
  }

  @Override
  public long length() throws IOException {
    return source.length();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
