package instructvideo.video;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The frames of a video file, in any format that ffmpeg knows by its content. Decoding ends at the
 * first damage after a good frame; what comes before it counts.
 */
public final class VideoReader implements AutoCloseable {

  /** Longest time that one video may take. */
  public static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final VideoFile file;
  private final StreamDecoder decoder;

  private VideoReader(VideoFile file, StreamDecoder decoder) {
    this.file = file;
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
    VideoFile file = VideoFile.open(source, timeout);
    try {
      return new VideoReader(file, new StreamDecoder(file));
    } catch (VideoException e) {
      try (file) {
        throw e;
      }
    }
  }

  /** What the file says about its video. */
  public VideoInfo info() {
    return file.info();
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
    file.close();
  }
}
