package instructvideo.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.BitSet;

/**
 * A file that arrives in ranges, in any order. Its checksum is computed on the way: by whichever
 * thread brings the next range in order, so that little is left to do when the last one is there.
 */
final class FileCopy implements Closeable {

  private static final int CHUNK = 1 << 20;

  private final RemoteFile remote;
  private final long range;
  private final FileChannel channel;
  private final MessageDigest sha256 = Digests.sha256();
  private final MessageDigest md5; // null where the store's checksum is not known
  private final BitSet arrived = new BitSet(); // guarded by this
  private boolean isHashing; // guarded by this
  private int hashed; // ranges; of the thread that hashes

  /** Makes the file at its full length. */
  FileCopy(RemoteFile remote, Path local, long range) throws IOException {
    this.remote = remote;
    this.range = range;
    md5 = remote.md5().isEmpty() ? null : Digests.md5();
    Files.createDirectories(local.getParent());
    channel =
        FileChannel.open(
            local,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (remote.bytes() > 0) {
      channel.write(ByteBuffer.allocate(1), remote.bytes() - 1);
    }
  }

  RemoteFile remote() {
    return remote;
  }

  int ranges() {
    return Math.toIntExact((remote.bytes() + range - 1) / range);
  }

  long begin(int index) {
    return index * range;
  }

  long end(int index) {
    return Math.min(begin(index) + range, remote.bytes());
  }

  void write(byte[] bytes, int size, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, size);
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
  }

  /** Tells that all bytes of a range are written. */
  void arrived(int index) throws IOException {
    synchronized (this) {
      arrived.set(index);
      if (isHashing) {
        return; // that thread will see it
      }

      isHashing = true;
    }

    while (hasNext()) {
      hash(begin(hashed), end(hashed));
      hashed++;
    }
  }

  private synchronized boolean hasNext() {
    isHashing = arrived.get(hashed);
    return isHashing;
  }

  private void hash(long begin, long end) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    for (long position = begin; position < end; position += buffer.limit()) {
      buffer.clear().limit((int) Math.min(CHUNK, end - position));
      while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {}
      sha256.update(buffer.array(), 0, buffer.limit());
      if (md5 != null) {
        md5.update(buffer.array(), 0, buffer.limit());
      }
    }
  }

  /**
   * What has arrived.
   *
   * @param contradictsStore whether the store's checksum is known and is not that of the bytes
   */
  record Arrived(RemoteFile remote, CopiedFile copied, boolean contradictsStore) {}

  /** Ends the checksums; once, when all ranges have arrived. */
  Arrived end() {
    boolean contradicts = md5 != null && !Digests.text(md5).equals(remote.md5());
    CopiedFile copied = new CopiedFile(remote.name(), remote.bytes(), Digests.text(sha256));
    return new Arrived(remote, copied, contradicts);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
