package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_NOTIMESTAMPS;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_TIME_BASE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.io.IOException;
import java.time.Duration;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.IntPointer;

/** An open container, of any format that ffmpeg knows by its content, and its video stream. */
final class VideoFile implements AutoCloseable {

  private static final String NOT_A_VIDEO = "not a video";

  private final SourceIo io;
  private AVFormatContext format;
  private AVCodec codec;
  private AVStream stream;

  private VideoFile(SourceIo io) throws VideoException {
    this.io = io;
    openContainer();
  }

  /**
   * Opens a video.
   *
   * @param source closed with the file, or by a failure
   * @param timeout of all that is done with the file
   * @throws VideoException if ffmpeg finds no video in it
   * @throws IOException if the source cannot be read
   */
  static VideoFile open(SeekableSource source, Duration timeout)
      throws IOException, VideoException {
    SourceIo io = new SourceIo(source, timeout);
    try {
      return new VideoFile(io);
    } catch (VideoException e) {
      try (io) {
        io.check();
      }

      throw e;
    }
  }

  /** Opens it anew, to read it from its first packet. */
  void reopen() throws IOException, VideoException {
    avformat_close_input(format);
    io.rewind();
    try {
      openContainer();
    } catch (VideoException e) {
      io.check();
      throw e;
    }
  }

  private void openContainer() throws VideoException {
    format = avformat_alloc_context();
    io.attach(format);
    try {
      AVDictionary options = new AVDictionary(null);
      // A playlist could name files and addresses that only this machine can read.
      av_dict_set(options, "protocol_whitelist", "none", 0);
      av_dict_set(options, "codec_whitelist", Refused.OTHER_DECODERS, 0);
      av_dict_set(options, "format_whitelist", Refused.OTHER_CONTAINERS, 0);
      int code = avformat_open_input(format, "", null, options);
      av_dict_free(options);
      Ffmpeg.check(code, NOT_A_VIDEO);
      Ffmpeg.check(Probe.findStreams(format), NOT_A_VIDEO);
      stream = format.streams(videoStream());
      Refused.check(codec);
    } catch (VideoException e) {
      avformat_close_input(format);
      throw e;
    }
  }

  /** The stream that ffmpeg finds best, cover art apart. */
  private int videoStream() throws VideoException {
    int best = bestStream(-1);
    for (int i = 0; i < format.nb_streams() && isCover(best); i++) {
      best = isCover(i) ? best : bestStream(i);
    }

    if (isCover(best)) {
      throw new VideoException("no video stream in the file");
    }

    return best;
  }

  private int bestStream(int wanted) {
    codec = new AVCodec(null);
    return av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, wanted, -1, codec, 0);
  }

  private boolean isCover(int index) {
    return index < 0 || (format.streams(index).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
  }

  AVStream stream() {
    return stream;
  }

  AVCodec codec() {
    return codec;
  }

  /** ffmpeg's names of the container, such as mov,mp4,m4a,3gp,3g2,mj2. */
  String container() {
    return format.iformat().name().getString();
  }

  /** Whether the container knows times; in raw streams ffmpeg makes them up. */
  boolean isTimed() {
    return (format.iformat().flags() & AVFMT_NOTIMESTAMPS) == 0;
  }

  /** Size in bytes. */
  long length() {
    return io.length();
  }

  /** Seconds of the whole file, NaN if it does not say. */
  double duration() {
    return format.duration() == AV_NOPTS_VALUE || format.duration() <= 0
        ? Double.NaN
        : (double) format.duration() / AV_TIME_BASE;
  }

  /** How ffmpeg knows the duration: AVFMT_DURATION_FROM_... */
  int durationOrigin() {
    return format.duration_estimation_method();
  }

  /** Leaves out the packets of other streams: where the container's index allows, unread. */
  void discardOthers() {
    for (int i = 0; i < format.nb_streams(); i++) {
      if (i != stream.index()) {
        format.streams(i).discard(AVDISCARD_ALL);
      }
    }
  }

  /** Reads the next packet of any stream; negative for an error. */
  int read(AVPacket packet) {
    return av_read_frame(format, packet);
  }

  /** The time base of a packet's stream in seconds. */
  double tick(AVPacket packet) {
    return Ffmpeg.value(format.streams(packet.stream_index()).time_base());
  }

  /** Goes to the key frame at or before a time of the video stream; negative for an error. */
  int seek(long timestamp) {
    return av_seek_frame(format, stream.index(), timestamp, AVSEEK_FLAG_BACKWARD);
  }

  /** Lets time pass that is not the decoder's. */
  void exclude(long nanos) {
    io.exclude(nanos);
  }

  /** Throws what the source threw, or a {@link VideoException} if it took too long. */
  void check() throws IOException, VideoException {
    io.check();
  }

  /** What the file says about its video. */
  VideoInfo info() {
    Orientation orientation = orientation();
    int width = stream.codecpar().width();
    int height = stream.codecpar().height();
    return new VideoInfo(
        orientation.isSideways() ? height : width,
        orientation.isSideways() ? width : height,
        stream.nb_frames(),
        seconds(),
        fps(),
        avcodec_get_name(stream.codecpar().codec_id()).getString(),
        orientation.degrees());
  }

  /** Seconds of the video stream, NaN if the file does not say. */
  double streamSeconds() {
    return stream.duration() == AV_NOPTS_VALUE || stream.duration() <= 0
        ? Double.NaN
        : stream.duration() * Ffmpeg.value(stream.time_base());
  }

  private double seconds() {
    if (stream.duration() != AV_NOPTS_VALUE) {
      return stream.duration() * Ffmpeg.value(stream.time_base());
    }

    return format.duration() == AV_NOPTS_VALUE ? 0 : (double) format.duration() / AV_TIME_BASE;
  }

  private double fps() {
    double average = Ffmpeg.value(stream.avg_frame_rate());
    return average > 0 ? average : Ffmpeg.value(stream.r_frame_rate());
  }

  private Orientation orientation() {
    AVPacketSideData data =
        av_packet_side_data_get(
            stream.codecpar().coded_side_data(),
            stream.codecpar().nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    return data == null || data.isNull()
        ? Orientation.NONE
        : Orientation.of(new IntPointer(data.data()));
  }

  @Override
  public void close() throws IOException {
    avformat_close_input(format);
    io.close();
  }
}
