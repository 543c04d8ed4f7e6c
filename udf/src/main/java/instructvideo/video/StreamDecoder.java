package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** The frames of one stream in order of display: the one on display and the one that follows. */
final class StreamDecoder implements AutoCloseable {

  private static final double DEFAULT_FPS = 25;

  private final VideoFile file;
  private final AVStream stream;
  private final PacketDecoder decoder;
  private final AVPacket packet;
  private final FrameConverter converter = new FrameConverter();
  private AVFrame current;
  private AVFrame following;
  private boolean hasFollowing;
  private boolean flushed;
  private int error;
  private double time;
  private double followingTime = Double.NaN;

  StreamDecoder(VideoFile file) throws VideoException {
    this.file = file;
    stream = file.stream();
    decoder = new PacketDecoder(stream, file.codec()); // what may fail, before all that is freed
    packet = av_packet_alloc();
    current = av_frame_alloc();
    following = av_frame_alloc();
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
    return Math.min(0.005, Ffmpeg.value(stream.time_base()) / 2) + 1e-6;
  }

  /** How long the frame on display is shown if no other follows. */
  private double interval() {
    if (current.duration() > 0) {
      return current.duration() * Ffmpeg.value(stream.time_base());
    }

    double fps = Ffmpeg.value(stream.avg_frame_rate());
    return 1 / (fps > 0 ? fps : DEFAULT_FPS);
  }

  private double seconds(AVFrame frame, double otherwise) {
    long timestamp = frame.best_effort_timestamp();
    return timestamp == AV_NOPTS_VALUE ? otherwise : timestamp * Ffmpeg.value(stream.time_base());
  }

  /** Decodes the next frame; errors before the first good one are passed over. */
  private boolean decode(AVFrame frame) throws IOException, VideoException {
    while (error == 0 || Double.isNaN(followingTime)) {
      file.check();
      int code = decoder.receive(frame);
      if (code == 0 && PacketDecoder.isWhole(frame)) {
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

  /** Gives the decoder the stream's next packet, or the end. */
  private void feed() throws IOException, VideoException {
    int code = flushed ? AVERROR_EOF() : file.read(packet);
    if (code < 0) {
      file.check();
      if (code != AVERROR_EOF()) {
        error = code;
      }

      flushed = true;
      decoder.drain();
      return;
    }

    if (packet.stream_index() == stream.index()) {
      boolean corrupt = (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
      int sent = corrupt ? AVERROR_INVALIDDATA() : decoder.send(packet);
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
    decoder.close();
  }
}
