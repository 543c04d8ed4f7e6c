package instructvideo.video;

/** A video in memory. */
public final class ByteArraySource implements SeekableSource {

  private final byte[] bytes;
  private int position;

  /** Reads this array, which must not change meanwhile. */
  public ByteArraySource(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (position >= bytes.length) {
      return -1;
    }

    int count = Math.min(length, bytes.length - position);
    System.arraycopy(bytes, position, buffer, offset, count);
    position += count;
    return count;
  }

  @Override
  public void seek(long position) {
    this.position = (int) Math.min(position, bytes.length);
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public void close() {}
}
