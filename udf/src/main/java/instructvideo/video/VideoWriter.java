package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_d2q;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_parse_string;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** Frames to a video file. The same frames give the same bytes. */
public final class VideoWriter implements AutoCloseable {

  /** The finest that libopenh264 makes, and one for pictures near noise, which it gives up on. */
  private static final int[] MP4_QPS = {12, 28};

  private static final long MP4_BIT_RATE = 20_000_000; // too high to bind: the QP alone counts

  private final VideoFormat format;
  private final MemoryIo io = new MemoryIo();
  private final AVFormatContext muxer = new AVFormatContext(null);
  private final AVPacket packet = av_packet_alloc();
  private final FrameEncoder frames;
  private final int qp;
  private AVCodecContext encoder;
  private AVStream stream;

  private VideoWriter(VideoFormat format, List<RgbFrame> frames, int qp) {
    this.format = format;
    this.qp = qp;
    this.frames = new FrameEncoder(format, frames);
  }

  /**
   * Encodes a video.
   *
   * @param frames at least one, all of one size
   * @param fps frames a second
   * @return the file's bytes
   */
  public static byte[] encode(List<RgbFrame> frames, double fps, VideoFormat format)
      throws VideoException {
    if (format != VideoFormat.MP4) {
      return encode(frames, fps, format, 0);
    }

    try {
      return encode(frames, fps, format, MP4_QPS[0]);
    } catch (VideoException e) {
      return encode(frames, fps, format, MP4_QPS[1]);
    }
  }

  private static byte[] encode(List<RgbFrame> frames, double fps, VideoFormat format, int qp)
      throws VideoException {
    try (VideoWriter writer = new VideoWriter(format, frames, qp)) {
      writer.open(av_d2q(fps, 100_000), frames.size());
      int count = format == VideoFormat.PNG ? 1 : frames.size();
      for (int i = 0; i < count; i++) {
        writer.add(frames.get(i), i);
      }

      return writer.finish();
    }
  }

  /** Encodes a video into a local file, which it replaces. */
  public static void write(Path file, List<RgbFrame> frames, double fps, VideoFormat format)
      throws VideoException, IOException {
    Files.write(file, encode(frames, fps, format));
  }

  private void open(AVRational fps, int numFrames) throws VideoException {
    Ffmpeg.check(
        avformat_alloc_output_context2(muxer, null, format.muxer, null), "no muxer " + format);
    muxer.pb(io.context());
    muxer.flags(muxer.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
    openEncoder(fps);
    stream = avformat_new_stream(muxer, null);
    stream.time_base(encoder.time_base());
    stream.avg_frame_rate(fps);
    avcodec_parameters_from_context(stream.codecpar(), encoder);
    AVDictionary options = dictionary(format.muxerOptions);
    if (format == VideoFormat.MP4) {
      // Room for the index in front of the frames: about 16 bytes each, and what surrounds it.
      av_dict_set(options, "moov_size", String.valueOf(4096 + 64L * numFrames), 0);
    }

    int code = avformat_write_header(muxer, options);
    av_dict_free(options);
    Ffmpeg.check(code, "cannot write a header");
  }

  private void openEncoder(AVRational fps) throws VideoException {
    AVCodec codec = avcodec_find_encoder_by_name(format.encoder);
    if (codec == null) {
      throw new VideoException("no encoder " + format.encoder);
    }

    encoder = avcodec_alloc_context3(codec);
    encoder.width(frames.width()).height(frames.height()).pix_fmt(format.pixelFormat);
    encoder.time_base(new AVRational().num(fps.den()).den(fps.num()));
    encoder.framerate(fps);
    encoder.thread_count(1);
    encoder.flags(encoder.flags() | AV_CODEC_FLAG_BITEXACT);
    if (format == VideoFormat.MP4) {
      encoder.colorspace(AVCOL_SPC_SMPTE170M);
      encoder.color_range(AVCOL_RANGE_MPEG);
      encoder.qmin(qp).qmax(qp).bit_rate(MP4_BIT_RATE);
    }

    if ((muxer.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
      encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    }

    AVDictionary options = dictionary(format.encoderOptions);
    int code = avcodec_open2(encoder, codec, options);
    av_dict_free(options);
    Ffmpeg.check(code, "cannot encode " + frames.width() + " x " + frames.height());
  }

  private void add(RgbFrame picture, long number) throws VideoException {
    AVFrame frame = frames.encode(picture);
    try {
      frame.pts(number);
      frame.duration(1);
      Ffmpeg.check(avcodec_send_frame(encoder, frame), "cannot encode a frame");
    } finally {
      av_frame_free(frame);
    }

    writePackets();
  }

  private byte[] finish() throws VideoException {
    Ffmpeg.check(avcodec_send_frame(encoder, null), "cannot encode the last frame");
    writePackets();
    Ffmpeg.check(av_write_trailer(muxer), "cannot finish the file");
    return io.bytes();
  }

  private void writePackets() throws VideoException {
    while (true) {
      int code = avcodec_receive_packet(encoder, packet);
      if (code == AVERROR_EAGAIN() || code == AVERROR_EOF()) {
        return;
      }

      Ffmpeg.check(code, "cannot encode a frame");
      packet.duration(Math.max(1, packet.duration()));
      av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
      packet.stream_index(0);
      Ffmpeg.check(av_interleaved_write_frame(muxer, packet), "cannot write a frame");
    }
  }

  private static AVDictionary dictionary(String options) {
    AVDictionary dictionary = new AVDictionary(null);
    av_dict_parse_string(dictionary, options, "=", ":", 0);
    return dictionary;
  }

  @Override
  public void close() {
    frames.close();
    av_packet_free(packet);
    if (encoder != null) {
      avcodec_free_context(encoder);
    }

    if (!muxer.isNull()) {
      avformat_free_context(muxer);
    }

    io.close();
  }
}
