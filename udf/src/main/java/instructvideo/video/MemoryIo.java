package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A file in memory that ffmpeg writes, going back where it wants to. */
final class MemoryIo implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private static final Map<Long, MemoryIo> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong LAST = new AtomicLong();

  private static final Write WRITE = new Write();
  private static final Seek SEEK = new Seek();

  private final long number = LAST.incrementAndGet();
  private final AVIOContext context;
  private byte[] bytes = new byte[BUFFER];
  private int position;
  private int length;

  MemoryIo() {
    Ffmpeg.load();
    OPEN.put(number, this);
    BytePointer buffer = new BytePointer(av_malloc(BUFFER));
    context = avio_alloc_context(buffer, BUFFER, 1, new Ffmpeg.Handle(number), null, WRITE, SEEK);
  }

  AVIOContext context() {
    return context;
  }

  /** What was written. */
  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  @Override
  public void close() {
    av_free(context.buffer());
    avio_context_free(context);
    OPEN.remove(number);
  }

  private int write(BytePointer source, int size) {
    int end = Math.addExact(position, size);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, Math.multiplyExact(bytes.length, 2)));
    }

    source.get(bytes, position, size);
    position = end;
    length = Math.max(length, end);
    return size;
  }

  private long seek(long offset, int whence) {
    if ((whence & AVSEEK_SIZE) != 0) {
      return length;
    }

    position = Math.toIntExact(whence == 0 ? offset : whence == 1 ? position + offset : length);
    return position;
  }

  private static final class Write extends Write_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer source, int size) {
      return OPEN.get(opaque.address()).write(source, size);
    }
  }

  private static final class Seek extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      return OPEN.get(opaque.address()).seek(offset, whence);
    }
  }
}
