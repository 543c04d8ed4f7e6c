package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** The frames of one stream in order of display: the one on display and the one that follows. */
final class StreamDecoder implements AutoCloseable {

  private static final long MAX_PIXELS =
      1L << 26; // 8192 x 8192: a decoded frame stays below 300 MB
  private static final double DEFAULT_FPS = 25;
  private static final int FRAME_CORRUPT = 1; // AV_FRAME_FLAG_CORRUPT, which JavaCPP leaves out

  private final SourceIo io;
  private final AVFormatContext format;
  private final AVStream stream;
  private final AVCodecContext context;
  private final AVPacket packet = av_packet_alloc();
  private final FrameConverter converter = new FrameConverter();
  private AVFrame current = av_frame_alloc();
  private AVFrame following = av_frame_alloc();
  private boolean hasFollowing;
  private boolean flushed;
  private int error;
  private double time;
  private double followingTime = Double.NaN;

  StreamDecoder(SourceIo io, AVFormatContext format, int index, AVCodec codec)
      throws VideoException {
    this.io = io;
    this.format = format;
    stream = format.streams(index);
    context = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(context, stream.codecpar());
    context.pkt_timebase(stream.time_base());
    context.thread_count(1);
    context.max_pixels(MAX_PIXELS);
    int code = avcodec_open2(context, codec, (AVDictionary) null);
    if (code < 0) {
      close();
      throw new VideoException("no decoder for the video stream: " + Ffmpeg.text(code));
    }
  }

  AVStream stream() {
    return stream;
  }

  /** Decodes the first frame, which then follows. */
  void start() throws IOException, VideoException {
    hasFollowing = decode(following);
    if (!hasFollowing) {
      throw new VideoException("no frame can be decoded" + (error == 0 ? "" : ": " + damage()));
    }

    followingTime = seconds(following, 0);
  }

  /**
   * Puts the frame that follows on display and decodes the next.
   *
   * @return whether there is a next
   */
  boolean advance() throws IOException, VideoException {
    AVFrame shown = following;
    following = current;
    current = shown;
    time = followingTime;
    hasFollowing = decode(following);
    if (hasFollowing) {
      followingTime = Math.max(time, seconds(following, time + interval()));
    }

    return hasFollowing;
  }

  /** Seconds at which the frame on display begins, in the file's own time. */
  double time() {
    return time;
  }

  /** Seconds at which the frame on display ends. */
  double end() {
    return hasFollowing ? followingTime : time + interval();
  }

  /** The picture on display. */
  RgbFrame picture() throws VideoException {
    return converter.convert(current);
  }

  /** Why decoding ended before the end of the file, empty if it did not. */
  String damage() {
    return error == 0 ? "" : Ffmpeg.text(error);
  }

  /** Containers round times to their time base: half a tick, where that is below a hundredth. */
  double tolerance() {
    return Math.min(0.005, value(stream.time_base()) / 2) + 1e-6;
  }

  static double value(AVRational rational) {
    return rational.den() == 0 ? 0 : (double) rational.num() / rational.den();
  }

  /** How long the frame on display is shown if no other follows. */
  private double interval() {
    if (current.duration() > 0) {
      return current.duration() * value(stream.time_base());
    }

    double fps = value(stream.avg_frame_rate());
    return 1 / (fps > 0 ? fps : DEFAULT_FPS);
  }

  private double seconds(AVFrame frame, double otherwise) {
    long timestamp = frame.best_effort_timestamp();
    return timestamp == AV_NOPTS_VALUE ? otherwise : timestamp * value(stream.time_base());
  }

  /** Decodes the next frame; errors before the first good one are passed over. */
  private boolean decode(AVFrame frame) throws IOException, VideoException {
    while (error == 0 || Double.isNaN(followingTime)) {
      io.check();
      int code = avcodec_receive_frame(context, frame);
      if (code == 0 && isWhole(frame)) {
        error = 0;
        return true;
      }

      if (code == AVERROR_EOF()) {
        return false;
      }

      if (code == AVERROR_EAGAIN()) {
        feed();
      } else {
        error = code == 0 ? AVERROR_INVALIDDATA() : code;
      }
    }

    return false;
  }

  private static boolean isWhole(AVFrame frame) {
    return (frame.flags() & FRAME_CORRUPT) == 0 && frame.decode_error_flags() == 0;
  }

  /** Gives the decoder the stream's next packet, or the end. */
  private void feed() throws IOException, VideoException {
    int code = flushed ? AVERROR_EOF() : av_read_frame(format, packet);
    if (code < 0) {
      io.check();
      if (code != AVERROR_EOF()) {
        error = code;
      }

      flushed = true;
      avcodec_send_packet(context, null);
      return;
    }

    if (packet.stream_index() == stream.index()) {
      boolean corrupt = (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
      int sent = corrupt ? AVERROR_INVALIDDATA() : avcodec_send_packet(context, packet);
      if (sent < 0) {
        error = sent;
      }
    }

    av_packet_unref(packet);
  }

  @Override
  public void close() {
    converter.close();
    av_frame_free(current);
    av_frame_free(following);
    av_packet_free(packet);
    avcodec_free_context(context);
  }
}
