package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** ffmpeg's decoder of a stream: packets in, frames out in order of display, on one thread. */
final class PacketDecoder implements AutoCloseable {

  static final long MAX_PIXELS = 1L << 26; // 8192 x 8192: a decoded frame stays below 300 MB
  private static final int FRAME_CORRUPT = 1; // AV_FRAME_FLAG_CORRUPT, which JavaCPP leaves out
  private static final int FRAME_KEY = 2; // AV_FRAME_FLAG_KEY, likewise

  private final AVCodecContext context;

  PacketDecoder(AVStream stream, AVCodec codec) throws VideoException {
    context = avcodec_alloc_context3(codec);
    int code = avcodec_parameters_to_context(context, stream.codecpar());
    if (code >= 0) {
      context.pkt_timebase(stream.time_base());
      context.thread_count(1);
      context.max_pixels(MAX_PIXELS);
      code = avcodec_open2(context, codec, (AVDictionary) null);
    }

    if (code < 0) {
      close();
      throw new VideoException("no decoder for the video stream: " + Ffmpeg.text(code));
    }
  }

  /** Gives it a packet; negative for an error. */
  int send(AVPacket packet) {
    return avcodec_send_packet(context, packet);
  }

  /** Says that no packet follows. */
  void drain() {
    avcodec_send_packet(context, null);
  }

  /**
   * Takes a frame; EAGAIN if it first needs a packet, EOF after the last, negative for an error.
   */
  int receive(AVFrame frame) {
    return avcodec_receive_frame(context, frame);
  }

  /** Forgets all packets, for those of another place. */
  void flush() {
    avcodec_flush_buffers(context);
  }

  /** Whether a frame was decoded without errors. */
  static boolean isWhole(AVFrame frame) {
    return (frame.flags() & FRAME_CORRUPT) == 0 && frame.decode_error_flags() == 0;
  }

  /** Whether a frame needs no other. */
  static boolean isKey(AVFrame frame) {
    return (frame.flags() & FRAME_KEY) != 0;
  }

  @Override
  public void close() {
    avcodec_free_context(context);
  }
}
