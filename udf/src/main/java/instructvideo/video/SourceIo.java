package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avformat.avio_seek;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXTERNAL;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A {@link SeekableSource} as ffmpeg reads it, with a deadline. The callbacks are one object each
 * for the whole process, since JavaCPP has room for ten; the opaque pointer tells which source is
 * meant.
 */
final class SourceIo implements AutoCloseable {

  private static final int BUFFER = 1 << 16;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;

  private static final Map<Long, SourceIo> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong LAST = new AtomicLong();

  private static final Read READ = new Read();
  private static final Seek SEEK = new Seek();
  private static final Interrupt INTERRUPT = new Interrupt();

  private final long number = LAST.incrementAndGet();
  private final SeekableSource source;
  private final long length;
  private final Duration timeout;
  private final AVIOContext context;
  private long start = System.nanoTime();
  private long position; // of ffmpeg
  private long reached; // by the source
  private IOException failure;

  /** Takes over a source, which is closed if this fails. */
  SourceIo(SeekableSource source, Duration timeout) throws IOException {
    Ffmpeg.load();
    this.source = source;
    this.timeout = timeout;
    length = lengthOf(source);
    OPEN.put(number, this);
    BytePointer buffer = new BytePointer(av_malloc(BUFFER));
    context = avio_alloc_context(buffer, BUFFER, 0, new Ffmpeg.Handle(number), READ, null, SEEK);
  }

  void attach(AVFormatContext format) {
    format.pb(context);
    format.interrupt_callback().callback(INTERRUPT);
    format.interrupt_callback().opaque(new Ffmpeg.Handle(number));
  }

  private static long lengthOf(SeekableSource source) throws IOException {
    try {
      return source.length();
    } catch (IOException | RuntimeException e) {
      try (source) {
        throw e;
      }
    }
  }

  /** Size in bytes. */
  long length() {
    return length;
  }

  /** Goes back to the first byte, whatever happened. */
  void rewind() {
    context.error(0);
    avio_seek(context, 0, SEEK_SET);
  }

  /** Lets time pass that is not the decoder's. */
  void exclude(long nanos) {
    start += nanos;
  }

  boolean isLate() {
    return System.nanoTime() - start > timeout.toNanos();
  }

  /** Throws what the source threw, or a {@link VideoException} if it took too long. */
  void check() throws IOException, VideoException {
    if (failure != null) {
      throw failure;
    }

    if (isLate()) {
      throw new VideoException("decoding took longer than " + timeout.toSeconds() + " s");
    }
  }

  @Override
  public void close() throws IOException {
    av_free(context.buffer()); // not the one given: ffmpeg may have replaced it
    avio_context_free(context);
    OPEN.remove(number);
    source.close();
  }

  private int read(BytePointer target, int size) {
    if (isLate()) {
      return AVERROR_EXIT();
    }

    // Damaged indices point behind the end, which stores refuse to seek to.
    if (position >= length) {
      return AVERROR_EOF();
    }

    try {
      int count = readSource(target, size);
      return count > 0 ? count : AVERROR_EOF();
    } catch (IOException e) {
      failure = e;
    } catch (Throwable e) { // through C it would end the process
      failure = new IOException(e);
    }

    return AVERROR_EXTERNAL();
  }

  private int readSource(BytePointer target, int size) throws IOException {
    if (reached != position) {
      source.seek(position);
      reached = position;
    }

    byte[] bytes = new byte[size];
    int count = source.read(bytes, 0, size);
    if (count > 0) {
      target.put(bytes, 0, count);
      position += count;
      reached = position;
    }

    return count;
  }

  /** Only says where to read next: of seeks in a row, the source sees the last. */
  private long seek(long offset, int whence) {
    if ((whence & AVSEEK_SIZE) != 0) {
      return length;
    }

    long target =
        switch (whence & ~AVSEEK_FORCE) {
          case SEEK_SET -> offset;
          case SEEK_CUR -> position + offset;
          case SEEK_END -> length + offset;
          default -> -1;
        };
    if (target < 0) {
      return AVERROR_EXTERNAL();
    }

    position = target;
    return target;
  }

  private static final class Read extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer target, int size) {
      SourceIo io = OPEN.get(opaque.address());
      return io == null ? AVERROR_EXIT() : io.read(target, size);
    }
  }

  private static final class Seek extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      SourceIo io = OPEN.get(opaque.address());
      return io == null ? AVERROR_EXIT() : io.seek(offset, whence);
    }
  }

  private static final class Interrupt extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer opaque) {
      SourceIo io = OPEN.get(opaque.address());
      return io == null || io.isLate() ? 1 : 0;
    }
  }
}
