package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_TIME_BASE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.IntPointer;

/**
 * The frames of a video file, in any format that ffmpeg knows by its content. Decoding ends at the
 * first damage after a good frame; what comes before it counts.
 */
public final class VideoReader implements AutoCloseable {

  /** Longest time that one video may take. */
  public static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final String NOT_A_VIDEO = "not a video";

  private final SourceIo io;
  private final AVFormatContext format;
  private final StreamDecoder decoder;

  private VideoReader(SourceIo io, AVFormatContext format, StreamDecoder decoder) {
    this.io = io;
    this.format = format;
    this.decoder = decoder;
  }

  /** Opens a local file. */
  public static VideoReader open(Path file) throws IOException, VideoException {
    return open(new FileSource(file), TIMEOUT);
  }

  /** Opens a video in memory. */
  public static VideoReader open(byte[] bytes) throws IOException, VideoException {
    return open(new ByteArraySource(bytes), TIMEOUT);
  }

  /**
   * Opens a video.
   *
   * @param source closed with the reader, or by a failure
   * @param timeout of all that is done with the reader
   * @throws VideoException if ffmpeg finds no video in it
   * @throws IOException if the source cannot be read
   */
  public static VideoReader open(SeekableSource source, Duration timeout)
      throws IOException, VideoException {
    SourceIo io = new SourceIo(source, timeout);
    AVFormatContext format = avformat_alloc_context();
    io.attach(format);
    try {
      return new VideoReader(io, format, decoder(io, format));
    } catch (VideoException e) {
      avformat_close_input(format);
      try (io) {
        io.check();
      }

      throw e;
    }
  }

  private static StreamDecoder decoder(SourceIo io, AVFormatContext format) throws VideoException {
    AVDictionary options = new AVDictionary(null);
    // A playlist could name files and addresses that only this machine can read.
    av_dict_set(options, "protocol_whitelist", "none", 0);
    int code = avformat_open_input(format, "", null, options);
    av_dict_free(options);
    Ffmpeg.check(code, NOT_A_VIDEO);
    Ffmpeg.check(avformat_find_stream_info(format, (AVDictionary) null), NOT_A_VIDEO);
    AVCodec codec = new AVCodec(null);
    int stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, codec, 0);
    if (stream < 0 || (format.streams(stream).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
      throw new VideoException("no video stream in the file");
    }

    return new StreamDecoder(io, format, stream, codec);
  }

  /** What the file says about its video. */
  public VideoInfo info() {
    AVStream stream = decoder.stream();
    Orientation orientation = orientation(stream);
    int width = stream.codecpar().width();
    int height = stream.codecpar().height();
    return new VideoInfo(
        orientation.isSideways() ? height : width,
        orientation.isSideways() ? width : height,
        stream.nb_frames(),
        seconds(stream),
        fps(stream),
        avcodec_get_name(stream.codecpar().codec_id()).getString(),
        orientation.degrees());
  }

  /**
   * Decodes the frames of a clip. A reader decodes its stream once.
   *
   * @param sink given each as soon as it is decoded; the same one again where it stays on display
   * @throws VideoException if the video is too short or cannot be decoded
   * @throws IOException if the source cannot be read
   */
  public void read(FrameSelection selection, Consumer<RgbFrame> sink)
      throws IOException, VideoException {
    decoder.start();
    double start = Double.NaN;
    int next = 0;
    while (next < selection.frames()) {
      boolean more = decoder.advance();
      start = Double.isNaN(start) ? decoder.time() : start;
      double end = decoder.end() - start;
      if (!more) {
        selection.check(end, decoder.tolerance(), decoder.damage());
      }

      RgbFrame picture = null;
      while (next < selection.frames()
          && (!more || selection.time(next) + decoder.tolerance() < end)) {
        picture = picture == null ? decoder.picture() : picture;
        sink.accept(picture);
        next++;
      }
    }
  }

  /** The frames of a clip. */
  public List<RgbFrame> read(FrameSelection selection) throws IOException, VideoException {
    List<RgbFrame> frames = new ArrayList<>(selection.frames());
    read(selection, frames::add);
    return frames;
  }

  /**
   * Every frame once, whatever its time, as far as the video can be decoded.
   *
   * @param limit of frames
   */
  public List<RgbFrame> readAll(int limit) throws IOException, VideoException {
    List<RgbFrame> frames = new ArrayList<>();
    decoder.start();
    boolean more = true;
    while (more && frames.size() < limit) {
      more = decoder.advance();
      frames.add(decoder.picture());
    }

    return frames;
  }

  @Override
  public void close() throws IOException {
    decoder.close();
    avformat_close_input(format);
    io.close();
  }

  private double seconds(AVStream stream) {
    if (stream.duration() != AV_NOPTS_VALUE) {
      return stream.duration() * StreamDecoder.value(stream.time_base());
    }

    return format.duration() == AV_NOPTS_VALUE ? 0 : (double) format.duration() / AV_TIME_BASE;
  }

  private static double fps(AVStream stream) {
    double average = StreamDecoder.value(stream.avg_frame_rate());
    return average > 0 ? average : StreamDecoder.value(stream.r_frame_rate());
  }

  private static Orientation orientation(AVStream stream) {
    AVPacketSideData data =
        av_packet_side_data_get(
            stream.codecpar().coded_side_data(),
            stream.codecpar().nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    return data == null || data.isNull()
        ? Orientation.NONE
        : Orientation.of(new IntPointer(data.data()));
  }
}
